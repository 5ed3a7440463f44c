// What a process that is about to die by a signal still says: one line with the signal, and the
// return addresses on its stack as offsets in the program, which are the same in every process.
// Turn one into a source line with `addr2line -e PROGRAM OFFSET`.
//
// Limits: under AddressSanitizer, which reports more itself, nothing is installed.
#pragma once

#include <string>
#include <string_view>

namespace fuzz {

// At the start of the line that names the signal.
inline constexpr std::string_view kCrashMark = "drawproof: died by signal ";

// For SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT; also when the stack has overflown. The signal
// still ends the process.
void report_crashes();

// The innermost frame of the program itself in what a process wrote: "+0x1a2b"; or what a
// sanitizer's summary says. Empty when the text has neither.
std::string crash_place(const std::string& diagnostics);

}  // namespace fuzz
