# Makes simnet installable as a CMake package:
#
#   cmake --install <build folder> --component simnet --prefix <prefix>
#   find_package(drawproof REQUIRED COMPONENTS simnet)
#   target_link_libraries(my_simulation PRIVATE drawproof::simnet)
#
# Nothing in the installed files names the build: libraries of the system (Boost's
# headers, SQLite, xxHash) are looked up again where the package is used. Only simnet
# and Asio, compiled once, are installed; simnet/env belongs to the lottery.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(drawproof_cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/drawproof)

# A path of this machine while building, a target of drawproofConfig.cmake once installed.
get_target_property(simnet_interface simnet INTERFACE_LINK_LIBRARIES)
list(TRANSFORM simnet_interface
  REPLACE "^${XXHASH_LIBRARY}$"
          "$<BUILD_INTERFACE:${XXHASH_LIBRARY}>;$<INSTALL_INTERFACE:drawproof::xxhash>")
set_target_properties(simnet PROPERTIES INTERFACE_LINK_LIBRARIES "${simnet_interface}")

target_compile_features(asio INTERFACE cxx_std_20)
target_include_directories(simnet INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
if(DRAWPROOF_SANITIZE)
  set(sanitizers -fsanitize=address,undefined)
  target_compile_options(asio INTERFACE $<INSTALL_INTERFACE:${sanitizers}>)
  target_link_options(asio INTERFACE $<INSTALL_INTERFACE:${sanitizers}>)
endif()

install(TARGETS simnet asio EXPORT drawproof_simnet
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/drawproof COMPONENT simnet)
install(EXPORT drawproof_simnet NAMESPACE drawproof:: FILE drawproofSimnet.cmake
  DESTINATION ${drawproof_cmake_dir} COMPONENT simnet)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/simnet
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT simnet
  FILES_MATCHING PATTERN "*.h" PATTERN "simnet/env" EXCLUDE)

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/drawproofConfig.cmake.in
  ${CMAKE_BINARY_DIR}/generated/drawproofConfig.cmake
  INSTALL_DESTINATION ${drawproof_cmake_dir}
  NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/generated/drawproofConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/generated/drawproofConfig.cmake
              ${CMAKE_BINARY_DIR}/generated/drawproofConfigVersion.cmake
  DESTINATION ${drawproof_cmake_dir} COMPONENT simnet)
