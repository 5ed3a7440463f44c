find_package(GTest REQUIRED)
include(GoogleTest)

# One program per folder of tests: tests/<folder>/*.cc, mirroring the tree. Every
# case is a CTest of label `unit`.
function(drawproof_tests folder)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${folder}/*.cc)
  if(NOT sources)
    return()
  endif()
  add_executable(tests_${folder} ${sources})
  target_link_libraries(tests_${folder} PRIVATE ${ARGN} GTest::gtest_main rapidcheck)
  target_compile_definitions(tests_${folder}
    PRIVATE DRAWPROOF_SOURCE_DIR="${CMAKE_SOURCE_DIR}" DRAWPROOF_BINARY_DIR="${CMAKE_BINARY_DIR}")
  if(NOT folder STREQUAL toolchain)  # which is about what the compiler makes of -O2
    target_compile_options(tests_${folder} PRIVATE $<$<CONFIG:Release>:-O1>)
  endif()
  # TIMEOUT: many times what the longest takes, so that only one that hangs is ended and named.
  # The cases that RapidCheck draws are the same in every run; tests/property_seeds draws others.
  gtest_discover_tests(tests_${folder} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS unit TIMEOUT 600 ENVIRONMENT "RC_PARAMS=seed=1")
endfunction()

drawproof_tests(probe probe)
drawproof_tests(env sim_env)
drawproof_tests(store store simnet)
drawproof_tests(rpc rpc sim_env)
drawproof_tests(raft raft)
drawproof_tests(replica replica sim_env faults)
drawproof_tests(lottery lottery sim_env)
drawproof_tests(simnet simnet)
# Where simnet's own spawn and sleep_for are in sight they hide those of tests/support.
file(GLOB actor_tests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/simnet/actor*_test.cc)
set_source_files_properties(${actor_tests} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
drawproof_tests(net simnet)
drawproof_tests(vfs simnet)
drawproof_tests(faults faults)
drawproof_tests(linearizability linearizability simnet)
drawproof_tests(properties generators)
drawproof_tests(traces properties traces story)
drawproof_tests(story story)
drawproof_tests(exports exports)
drawproof_tests(view view)
# Needs a browser and npm; says what is missing.
add_custom_target(view_browser COMMAND ${CMAKE_SOURCE_DIR}/tests/view/browser ${CMAKE_BINARY_DIR}
  USES_TERMINAL)
if(TARGET tests_traces AND TARGET drawproof)
  add_dependencies(tests_traces drawproof)
  foreach(bug M25 A01 N01)
    if(TARGET drawproof-${bug})
      add_dependencies(tests_traces drawproof-${bug})
    endif()
  endforeach()
endif()
drawproof_tests(fuzz fuzz)
drawproof_tests(tidy nlohmann_json::nlohmann_json)
drawproof_tests(toolchain Boost::headers)
if(TARGET tests_toolchain AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Without separately compiled Asio, so that the sanitizer sees all of it.
  target_compile_options(tests_toolchain PRIVATE -fsanitize=address)
  target_link_options(tests_toolchain PRIVATE -fsanitize=address)
endif()

add_test(NAME planted_bugs_mechanism
  COMMAND ${CMAKE_SOURCE_DIR}/tests/planted_bugs ${CMAKE_SOURCE_DIR}
          ${CMAKE_BINARY_DIR}/planted_bugs)
set_tests_properties(planted_bugs_mechanism PROPERTIES LABELS unit TIMEOUT 600)
if(TARGET drawproof)
  add_test(NAME determinism_between_processes
    COMMAND ${CMAKE_SOURCE_DIR}/tests/determinism $<TARGET_FILE:drawproof>
            ${CMAKE_BINARY_DIR}/determinism)
  # COST: the longest ones start first.
  set_tests_properties(determinism_between_processes PROPERTIES LABELS determinism TIMEOUT 900
    COST 500)
  # The matrix builds the program three times: only with `ctest -C Matrix -L determinism`.
  foreach(preset dev clang asan)
    add_test(NAME determinism_${preset} CONFIGURATIONS Matrix
      COMMAND ${CMAKE_SOURCE_DIR}/tests/matrix ${preset} $<TARGET_FILE:drawproof>
              ${CMAKE_SOURCE_DIR}/build/matrix/${preset})
    set_tests_properties(determinism_${preset} PROPERTIES LABELS determinism TIMEOUT 1800
      RUN_SERIAL ON)
  endforeach()
endif()

# Not part of `all`: benchmarks report, tests never time.
find_package(benchmark QUIET)
if(benchmark_FOUND)
  file(GLOB bench_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/bench/*.cc)
  add_executable(bench EXCLUDE_FROM_ALL ${bench_sources})
  target_link_libraries(bench PRIVATE simnet benchmark::benchmark)
  set_target_properties(bench PROPERTIES UNITY_BUILD OFF)  # each workload as a user would compile it
endif()
file(GLOB bench_ledger_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/bench_ledger/*.cc)
add_executable(bench_ledger EXCLUDE_FROM_ALL ${bench_ledger_sources})
target_link_libraries(bench_ledger PRIVATE properties)
set_target_properties(bench_ledger PROPERTIES UNITY_BUILD OFF)
# How small the failures of planted bugs become, and how fast: a table.
if(DRAWPROOF_BUGS)
  add_custom_target(shrink_bugs
    COMMAND ${CMAKE_SOURCE_DIR}/tests/shrink_bugs ${CMAKE_BINARY_DIR}/bugs
            ${CMAKE_BINARY_DIR}/shrink_bugs
    USES_TERMINAL)
  add_dependencies(shrink_bugs bugs)
  # Builds every planted bug with clang, too: only with `ctest -C Matrix -R planted_bugs_elsewhere`.
  add_test(NAME planted_bugs_elsewhere CONFIGURATIONS Matrix
    COMMAND ${CMAKE_SOURCE_DIR}/tests/replay_bugs ${CMAKE_BINARY_DIR}/bugs
            ${CMAKE_SOURCE_DIR}/build/matrix/clang ${CMAKE_BINARY_DIR}/replay_bugs)
  set_tests_properties(planted_bugs_elsewhere PROPERTIES LABELS bugs TIMEOUT 3600 RUN_SERIAL ON)
endif()
add_test(NAME consumer
  COMMAND ${CMAKE_SOURCE_DIR}/tests/consumer/run ${CMAKE_BINARY_DIR})
set_tests_properties(consumer PROPERTIES LABELS consumer TIMEOUT 900 COST 1000)
