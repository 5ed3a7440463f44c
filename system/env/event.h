// Typed events: what a service tells the outside about itself (an entry was
// committed, a card was charged). In the simulation checkers listen and the
// digest folds the encoded form: bytes for programs, short and quick to make.
//
// An event type T has `static constexpr std::string_view kEventName` and a free
// function `std::string encode_event(const T&)` found by argument-dependent
// lookup.
#pragma once

#include <string>
#include <string_view>

namespace env {

// A view of one event; valid only during the call that received it.
class EventRef {
 public:
  template <class T>
  static EventRef of(const T& event) {
    EventRef ref;
    ref.object_ = &event;
    ref.type_ = type_tag<T>();
    ref.name_ = T::kEventName;
    ref.encode_ = [](const void* object) { return encode_event(*static_cast<const T*>(object)); };
    return ref;
  }

  // Null when the event is of another type.
  template <class T>
  const T* as() const {
    return type_ == type_tag<T>() ? static_cast<const T*>(object_) : nullptr;
  }

  std::string_view name() const { return name_; }
  std::string encode() const { return encode_(object_); }

 private:
  template <class T>
  static const void* type_tag() {
    static constexpr char tag = 0;
    return &tag;
  }

  const void* object_ = nullptr;
  const void* type_ = nullptr;
  std::string_view name_;
  std::string (*encode_)(const void*) = nullptr;
};

}  // namespace env
