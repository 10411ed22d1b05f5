import Glibc

exit(StreamProbe.run(Array(CommandLine.arguments.dropFirst())))
