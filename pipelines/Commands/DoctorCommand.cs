using System.CommandLine;

namespace NoisyNN.Pipelines.Commands;

/// <summary><c>doctor</c>: what this machine has and what is missing.</summary>
static class DoctorCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = CommonOptions.Json();
        var command = new Command("doctor", """
            Says what this machine has for this program and what is missing: where ML.NET, TorchSharp and ONNX Runtime come from and why,
            their versions, the device, the threads, the BLAS that is really loaded. Exit code 0 if nothing is missing.
            """) { json };
        command.SetAction(parsed =>
        {
            var report = DoctorReport.Examine();
            if (parsed.GetValue(json))
                Json.Write(terminal.Output, report);
            else
                Print(terminal, report);
            return report.Problems.Count == 0 ? 0 : CommandLine.Failed;
        });
        return command;
    }

    static void Print(Terminal terminal, DoctorReport report)
    {
        terminal.Output.WriteLine($"engines: {report.Supply}, because {report.Reason}");
        terminal.Table(["what", "found"], report.Facts.Select(fact => (string[])[fact.Key, fact.Value]));
        terminal.Output.WriteLine(report.Problems.Count == 0 ? "nothing is missing" : "to be mended:");
        foreach (var problem in report.Problems)
            terminal.Output.WriteLine($"  {problem.What}: {problem.Cause} {problem.Remedy}");
    }
}
