# What cpack makes of an installation: a Debian package and a tarball, which may be unpacked anywhere.
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME uhost)
set(CPACK_PACKAGE_CONTACT "The maintainers of uhost <uhost@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "scripts in Lua that look after repositories")
set(CPACK_PACKAGE_DESCRIPTION "A host for Lua scripts with git, GitHub, processes, databases and logs. It audits crash tests,
explains failed builds, follows an upstream, and keeps issues of CI failures.")
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_PACKAGE_FILE_NAME uhost-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_STRIP_FILES ON)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_COMPRESSION_TYPE zstd)
# Shared libraries are found by dpkg-shlibdeps, among them none of our own; the rest is what runs as a program or is Lua.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}/${CMAKE_INSTALL_LIBDIR})
set(CPACK_DEBIAN_PACKAGE_DEPENDS "ca-certificates, git, lua-argparse")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libjs-dygraphs")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "g++, lua-busted, lua-check, systemd")

set(package_files ${PROJECT_SOURCE_DIR}/host/package)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${package_files}/postinst ${package_files}/prerm ${package_files}/postrm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# They name /usr/bin/uhost: for another prefix, they are to be copied and changed.
install(FILES ${package_files}/uhost-serve.service ${package_files}/uhost-serve.socket DESTINATION lib/systemd/system)

install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/uhost RENAME copyright)

include(CPack)
