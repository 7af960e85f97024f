using System.CommandLine;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Reports;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>doctor</c>: reports what this machine has and what is missing.</summary>
sealed class DoctorCommand : Command
{
    readonly Option<bool> _json = CommonOptions.Json();

    public DoctorCommand(Terminal terminal)
        : base(
            "doctor",
            """
            Shows what this machine has for this program and what is missing. It lists the versions of ML.NET, TorchSharp and ONNX Runtime,
            the device, the threads and the data. The exit code is 0 if nothing is missing.
            """
        )
    {
        Add(_json);
        SetAction(parsed => Run(terminal, parsed.GetValue(_json)));
    }

    static int Run(Terminal terminal, bool isJson)
    {
        var report = DoctorReport.Examine();
        if (isJson)
            Json.Write(terminal.Output, report);
        else
            Print(terminal, report);
        return report.Problems.Count == 0 ? 0 : ExitCode.Failed;
    }

    static void Print(Terminal terminal, DoctorReport report)
    {
        terminal.Table(["what", "found"], report.Facts.Select(fact => (string[])[fact.Key, fact.Value]));
        terminal.Output.WriteLine(report.Problems.Count == 0 ? "nothing is missing" : "problems:");
        foreach (var problem in report.Problems)
            terminal.Output.WriteLine($"  {problem.What}: {problem.Cause} {problem.Remedy}");
    }
}
