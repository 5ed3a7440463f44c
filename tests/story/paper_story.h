// A story made by hand: two ledger nodes, an app server, a bank and a user; a charge whose answer
// is lost, and a second one.
#pragma once

#include "traces/story/story.h"

namespace story {

inline Message message(HostIndex from, HostIndex to, Time_us sent_us, Time_us arrived_us,
                       std::string kind, std::string label, std::string detail = {}) {
  Message made;
  made.from = from;
  made.to = to;
  made.sent_us = sent_us;
  made.arrived_us = arrived_us;
  made.fate = arrived_us == kNever ? Fate::lost : Fate::arrived;
  made.kind = std::move(kind);
  made.label = std::move(label);
  made.detail = std::move(detail);
  return made;
}

inline constexpr HostIndex kLedger1 = 0, kLedger2 = 1, kApp = 2, kBank = 3, kUser = 4;

inline Story paper_story() {
  Story story;
  story.hosts = {{"ledger-1", "ledger", "centre"},
                 {"ledger-2", "ledger", "east"},
                 {"app-1", "app", "centre"},
                 {"bank", "bank", "bank"},
                 {"user-3", "user", "home"}};
  story.recipe.scenario = "paper";
  story.recipe.seed = 7;
  story.recipe.outcome = "safety_violated";
  story.recipe.reproduce = "drawproof replay paper.json";
  story.end_us = 10'000'000;
  story.events = {
      {0, kLedger1, "raft.opened",
       R"({"node":1,"term":0,"vote":0,"first_index":1,"last_index":0})"},
      {0, kLedger2, "raft.opened",
       R"({"node":2,"term":0,"vote":0,"first_index":1,"last_index":0})"},
      {900, kLedger1, "raft.elected", R"({"node":1,"term":4,"last_index":0})"},
      {1'000, kUser, "client.intent", R"({"user":"user-3","intent":"user-3/1","count":1})"},
      {2'000, kLedger1, "ledger.committed", R"({"index":5,"entry":{"index":0},"node":1})"},
      {2'100, kLedger1, "ledger.applied", R"({"index":5,"replies":[{"p5.0":1}],"node":1})"},
      {2'600, kLedger2, "ledger.applied", R"({"index":5,"replies":[{"p5.0":1}],"node":2})"},
      {4'000, kBank, "bank.moved", R"({"key":"charge-p5.0-1-1","reference":"p5.0","amount":500})"},
      {5'000, kUser, "client.looked", R"({"user":"user-3","target":"/v1/purchases/p5.0"})"},
      {9'000, kBank, "bank.moved", R"({"key":"charge-p5.0-1-2","reference":"p5.0","amount":500})"},
      {9'500, kBank, "bank.declined", R"({"key":"charge-p50.0-1","reference":"p50.0"})"},
  };
  story.messages = {
      message(kLedger1, kLedger2, 1'500, 1'900, "append", "append 5, commit 4 (term 4)"),
      message(kLedger2, kLedger1, 1'600, 1'950, "vote", "vote: yes (term 4)"),
      message(kApp, kBank, 3'000, 3'500, "request", "POST /v1/charges", "charge-p5.0-1-1 {}"),
      message(kBank, kApp, 4'000, kNever, "reply", "200 to POST /v1/charges", "{}"),
      message(kUser, kApp, 5'100, 5'200, "request", "GET /v1/purchases/p5.0", "user-3"),
      message(kApp, kBank, 8'000, 8'500, "request", "POST /v1/charges", "charge-p5.0-1-2 {}"),
  };
  story.messages[3].answers = 2;
  story.spans = {{3'800, 4'500, "fault", "partition", {kBank}, R"({"kind":"partition"})"},
                 {3'900, 3'900, "fault", "crash", {kUser}, "{}"},
                 {6'000, 7'000, "down", "no process", {kLedger2}, {}},
                 {900, 10'000'000, "leader", "term 4", {kLedger1}, {}},
                 {2'100, 9'900, "purchase", "HELD", {kUser}, "p5.0"}};
  story.accounts = {{2'100, 5, "STOCK[draw-1,standard]", "tickets", 30, 0, 1},
                    {2'100, 5, "SUSPENSE[p5.0]", "money", 0, 500, 0}};
  story.purchases = {{2'100, 5, "p5.0", "user-3", "draw-1", "HELD", 1, 500, 0}};
  story.bank = {{4'000, 1, "charge", "charge-p5.0-1-1", "p5.0", 500},
                {9'000, 2, "charge", "charge-p5.0-1-2", "p5.0", 500}};
  Violation violation;
  violation.at_us = 9'000;
  violation.property = "S3";
  violation.statement = "nobody pays twice";
  violation.what = "user user-3: the bank captured 1000 for purchase p5.0.";
  story.violations = {violation};
  return story;
}

}  // namespace story
