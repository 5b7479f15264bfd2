# How targets are built, and the functions that CMakeLists.txt is written with.
find_program(CCACHE ccache)
if(CCACHE)
    # ccache takes a precompiled header for what it was made from only with this sloppiness.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

# The build tree mirrors an installation, so that both find their parts in the same way (see host/modules).
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/${CMAKE_INSTALL_LIBDIR})
set(CMAKE_INSTALL_RPATH $ORIGIN/../${CMAKE_INSTALL_LIBDIR})
# Linked with its final search path, because the room that CMake otherwise keeps for it in the build tree is empty entries,
# and an empty entry is the working folder: a repository could bring a libfmt.so.9 of its own.
set(CMAKE_BUILD_WITH_INSTALL_RPATH ON)
set(UHOST_MODULE_FOLDER ${CMAKE_INSTALL_LIBDIR}/uhost)

add_library(uhost_flags INTERFACE)
target_compile_options(uhost_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor)
target_link_options(uhost_flags INTERFACE -Wl,--as-needed)
# An RPATH holds for the libraries of libraries as well, which a RUNPATH does not: a bundle brings them all in lib/.
target_link_options(uhost_flags INTERFACE -Wl,--disable-new-dtags)
target_include_directories(uhost_flags INTERFACE ${PROJECT_SOURCE_DIR})
# ccache and a precompiled header get along only so.
target_compile_options(uhost_flags INTERFACE -fpch-preprocess)
if(UHOST_COVERAGE)
    target_compile_options(uhost_flags INTERFACE --coverage -fprofile-update=atomic)
    target_link_options(uhost_flags INTERFACE --coverage)
endif()

# uhost_unity(TARGET): compiles sources in batches, which takes two thirds of the time. Private names must then be unique
# within a library. The debug preset compiles each file by itself, which also finds headers that a file forgot to include.
option(UHOST_UNITY "Compile the sources of a library in batches" ON)
function(uhost_unity target)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ${UHOST_UNITY} UNITY_BUILD_BATCH_SIZE 8)
endfunction()

# What a user runs: the command and every native half, without the tests.
add_custom_target(runtime)

# uhost_lua_chunk(TARGET NAME FILE): the header chunks/NAME.hpp for TARGET, with a Lua file as bytecode.
function(uhost_lua_chunk target name file)
    set(header ${CMAKE_CURRENT_BINARY_DIR}/chunks/${name}.hpp)
    add_custom_command(OUTPUT ${header} DEPENDS lua_chunk ${file} VERBATIM
        COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_CURRENT_BINARY_DIR}/chunks
        COMMAND lua_chunk ${name} ${CMAKE_CURRENT_SOURCE_DIR}/${file} ${header})
    target_sources(${target} PRIVATE ${header})
    target_include_directories(${target} PRIVATE $<BUILD_INTERFACE:${CMAKE_CURRENT_BINARY_DIR}>)
endfunction()

# uhost_exports(TARGET NAME): of the library's symbols, others see those that NAME.map lists.
function(uhost_exports target name)
    set(map ${PROJECT_SOURCE_DIR}/host/cmake/${name}.map)
    target_link_options(${target} PRIVATE -Wl,--version-script=${map})
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${map})
endfunction()

# uhost_native(NAME SOURCES… LIBRARIES…): a library lib/uhost/NAME.so that the host loads when it is first needed.
function(uhost_native name)
    cmake_parse_arguments(PARSE_ARGV 1 native "" "" "SOURCES;LIBRARIES")
    add_library(uhost_${name} MODULE ${native_SOURCES})
    target_link_libraries(uhost_${name} PRIVATE uhost_flags libuhost ${native_LIBRARIES})
    uhost_exports(uhost_${name} native_module)
    set_target_properties(uhost_${name} PROPERTIES
        PREFIX "" OUTPUT_NAME ${name} DEFINE_SYMBOL ""
        LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/${UHOST_MODULE_FOLDER}
        INSTALL_RPATH $ORIGIN/..)
    if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
        target_precompile_headers(uhost_${name} REUSE_FROM libuhost)
    endif()
    install(TARGETS uhost_${name} LIBRARY DESTINATION ${UHOST_MODULE_FOLDER})
    add_dependencies(runtime uhost_${name})
endfunction()

# uhost_primitive(NAME [LIBRARIES…]): the primitive in api/NAME. Its *.cpp files outside binding*.cpp know nothing of
# Lua and become the static library NAME_core, which the C++ tests link as well.
function(uhost_primitive name)
    set(folder ${PROJECT_SOURCE_DIR}/api/${name})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cpp)
    set(bindings ${sources})
    list(FILTER bindings INCLUDE REGEX "/binding[^/]*\\.cpp$")
    list(REMOVE_ITEM sources ${bindings})
    if(sources)
        add_library(${name}_core STATIC ${sources})
        target_link_libraries(${name}_core PUBLIC uhost_flags libuhost ${ARGN})
        target_precompile_headers(${name}_core REUSE_FROM core_headers)
        uhost_unity(${name}_core)
        set_property(GLOBAL APPEND PROPERTY UHOST_CORES ${name}_core)
    endif()
    if(bindings)
        uhost_native(${name} SOURCES ${bindings} LIBRARIES $<TARGET_NAME_IF_EXISTS:${name}_core> ${ARGN})
    endif()
endfunction()

# uhost_share(FOLDERS…): Lua files, and what goes with them, that are installed under share/uhost; the build tree links
# to the sources.
function(uhost_share)
    file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/share/uhost)
    foreach(folder ${ARGN})
        file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${folder} ${PROJECT_BINARY_DIR}/share/uhost/${folder} SYMBOLIC)
        install(DIRECTORY ${folder} DESTINATION ${CMAKE_INSTALL_DATADIR}/uhost
            FILES_MATCHING PATTERN "*.lua" PATTERN "*.json" PATTERN "*.tsv" PATTERN "*.md" PATTERN "*.js" PATTERN "*.css")
    endforeach()
endfunction()

# uhost_compiled_lua(FOLDERS…): the Lua files of these folders of share/, compiled (host/modules/compiled_files.hpp). A
# failure costs every start the time to read them, and nothing else.
function(uhost_compiled_lua)
    set(compiled ${PROJECT_BINARY_DIR}/share/uhost/cache/lua)
    set(files)
    foreach(folder ${ARGN})
        file(GLOB_RECURSE some CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.lua)
        list(APPEND files ${some})
    endforeach()
    add_custom_command(OUTPUT ${compiled} DEPENDS uhost uhost_fs ${PROJECT_SOURCE_DIR}/host/modules/compile.lua ${files}
        WORKING_DIRECTORY / VERBATIM
        COMMAND sh -c "\"$0\" --quiet \"$@\" || true" ${PROJECT_BINARY_DIR}/bin/uhost
            ${PROJECT_SOURCE_DIR}/host/modules/compile.lua ${PROJECT_BINARY_DIR}/share/uhost ${compiled}
        COMMAND ${CMAKE_COMMAND} -E touch ${compiled}
        COMMENT "Compiling the Lua files")
    add_custom_target(compiled_lua DEPENDS ${compiled})
    add_dependencies(runtime compiled_lua)
    install(FILES ${compiled} DESTINATION ${CMAKE_INSTALL_DATADIR}/uhost/cache)
endfunction()

# uhost_shell_files(): at installation, uhost itself writes what shells complete and the man pages.
function(uhost_shell_files)
    install(CODE "
        set(share \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}\")
        file(MAKE_DIRECTORY \${share}/bash-completion/completions \${share}/zsh/site-functions
            \${share}/fish/vendor_completions.d \${share}/man/man1)
        foreach(shell_file bash-completion/completions/uhost zsh/site-functions/_uhost
                fish/vendor_completions.d/uhost.fish)
            string(REGEX MATCH \"^[a-z]+\" shell \${shell_file})
            execute_process(COMMAND ${PROJECT_BINARY_DIR}/bin/uhost completion \${shell}
                OUTPUT_FILE \${share}/\${shell_file} COMMAND_ERROR_IS_FATAL ANY)
        endforeach()
        execute_process(COMMAND ${PROJECT_BINARY_DIR}/bin/uhost --quiet completion man \${share}/man/man1
            OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)")
endfunction()

# uhost_shipped_cache(): what the shipped knowledge bases hold, and what is compiled of them for this processor, so that
# the first start need not make it. Made outside of the source tree, whose kb/ would be taken for a user's own; a failure
# costs the first start that time, and nothing else.
function(uhost_shipped_cache)
    set(cache ${PROJECT_BINARY_DIR}/share/uhost/cache)
    file(GLOB_RECURSE knowledge CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/kb/*.lua)
    add_custom_command(OUTPUT ${cache}/made DEPENDS uhost_kb ${knowledge} WORKING_DIRECTORY / VERBATIM
        COMMAND ${CMAKE_COMMAND} -E rm -rf ${cache}/kb ${cache}/kb_cache ${cache}/made
        COMMAND sh -c "\"$0\" --quiet --state \"$1\" -e 'kb.load():matcher()' || true"
            ${PROJECT_BINARY_DIR}/bin/uhost ${cache}
        COMMAND ${CMAKE_COMMAND} -E make_directory ${cache}
        COMMAND ${CMAKE_COMMAND} -E touch ${cache}/made
        COMMENT "Reading the shipped knowledge bases")
    add_custom_target(shipped_cache DEPENDS ${cache}/made)
    add_dependencies(shipped_cache uhost sandbox_worker uhost_fs uhost_json uhost_log uhost_policy uhost_task)
    add_dependencies(runtime shipped_cache)
    foreach(part kb kb_cache)
        install(DIRECTORY ${cache}/${part} DESTINATION ${CMAKE_INSTALL_DATADIR}/uhost/cache OPTIONAL
            FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ
            DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
    endforeach()
endfunction()
