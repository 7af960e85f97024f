using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace NoisyNN.Pipelines.Cli;

/// <summary>Prints the version of the program, with the commit that it was built from.</summary>
sealed class ShowVersion : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var version = typeof(ShowVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        parseResult.InvocationConfiguration.Output.WriteLine($"noisynn {version}");
        return 0;
    }
}
