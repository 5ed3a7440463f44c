#include "tests/traces/tokens.h"

#include <algorithm>
#include <string_view>

namespace traces_test {
namespace {

using Tokens = std::vector<std::string>;

bool is(const std::string& token, char c) { return token.size() == 1 && token[0] == c; }

bool opens(const std::string& token) { return is(token, '{') || is(token, '['); }
bool closes(const std::string& token) { return is(token, '}') || is(token, ']'); }

// Behind the member or element that begins there.
std::size_t end_of_piece(const Tokens& tokens, std::size_t at) {
  int depth = 0;
  for (; at < tokens.size(); ++at) {
    if (depth == 0 && (is(tokens[at], ',') || closes(tokens[at]))) {
      return at;
    }
    depth += opens(tokens[at]) ? 1 : closes(tokens[at]) ? -1 : 0;
  }
  return at;
}

// Where members and elements begin: behind a comma or an opening.
std::size_t some_piece(const Tokens& tokens, simnet::Random& random) {
  std::size_t at = 1 + random.below(tokens.size() - 1);
  while (at > 1 && !is(tokens[at - 1], ',') && !opens(tokens[at - 1])) {
    --at;
  }
  return at;
}

void remove_piece(Tokens& tokens, simnet::Random& random) {
  const std::size_t at = some_piece(tokens, random);
  std::size_t end = end_of_piece(tokens, at);
  end += end < tokens.size() && is(tokens[end], ',') ? 1 : 0;
  tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(at),
               tokens.begin() + static_cast<std::ptrdiff_t>(end));
}

void repeat_piece(Tokens& tokens, simnet::Random& random) {
  const std::size_t at = some_piece(tokens, random);
  const Tokens piece(tokens.begin() + static_cast<std::ptrdiff_t>(at),
                     tokens.begin() + static_cast<std::ptrdiff_t>(end_of_piece(tokens, at)));
  tokens.insert(tokens.begin() + static_cast<std::ptrdiff_t>(at), ",");
  tokens.insert(tokens.begin() + static_cast<std::ptrdiff_t>(at), piece.begin(), piece.end());
}

void replace_token(Tokens& tokens, simnet::Random& random) {
  constexpr const char* kOthers[] = {"null",  "true", "-1", "0",      "1",
                                     "1.5",   "{}",   "[]", "\"\"",   "18446744073709551615",
                                     "1e999", "-0",   "[[", "\"S3\"", "9223372036854775808"};
  tokens[random.below(tokens.size())] = kOthers[random.below(std::size(kOthers))];
}

}  // namespace

Tokens tokens_of(const std::string& json) {
  constexpr std::string_view kPunctuation = "{}[],:";
  Tokens tokens;
  for (std::size_t at = 0; at < json.size();) {
    std::size_t end = at + 1;
    if (json[at] == '"') {
      while (json[end] != '"') {
        end += json[end] == '\\' ? 2 : 1;
      }
      ++end;
    } else if (kPunctuation.find(json[at]) == kPunctuation.npos) {
      end = std::min(json.find_first_of(",:}] \n", at), json.size());
    }
    if (end > at) {
      tokens.push_back(json.substr(at, end - at));
    }
    at = std::min(json.find_first_not_of(" \n", end), json.size());
  }
  return tokens;
}

std::string spoil_tokens(Tokens tokens, simnet::Random& random) {
  switch (random.below(4)) {
    case 0:
      std::swap(tokens[random.below(tokens.size())], tokens[random.below(tokens.size())]);
      break;
    case 1:
      remove_piece(tokens, random);
      break;
    case 2:
      repeat_piece(tokens, random);
      break;
    default:
      replace_token(tokens, random);
      break;
  }
  std::string text;
  for (const std::string& token : tokens) {
    text += token;
  }
  return text;
}

}  // namespace traces_test
