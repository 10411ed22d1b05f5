import Glibc

Machine.prepare()
exit(Application().run(Array(CommandLine.arguments.dropFirst())))
