# find_package(uhost) gives the target uhost::libuhost.
include(CMakeFindDependencyMacro)
find_dependency(fmt)
find_dependency(PkgConfig)
pkg_check_modules(luajit REQUIRED IMPORTED_TARGET luajit)
pkg_check_modules(libuv REQUIRED IMPORTED_TARGET libuv)
include(${CMAKE_CURRENT_LIST_DIR}/uhostTargets.cmake)
