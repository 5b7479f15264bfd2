# find_package(uhost) gives the target uhost::libuhost.
include(${CMAKE_CURRENT_LIST_DIR}/uhostTargets.cmake)
