using System.CommandLine;
using NoisyNN.Models.Export;
using NoisyNN.Pipelines.Experiments;

namespace NoisyNN.Pipelines.Commands;

/// <summary><c>export</c>: a trained network as an ONNX file.</summary>
static class ExportCommand
{
    public static Command Create(Terminal terminal)
    {
        var source = new Argument<string>("SOURCE") { Description = "The folder of a run, or of one of its trainings, or a network.safetensors." };
        var output = new Option<string>("--output") { Description = "The ONNX file to write.", HelpName = "FILE", DefaultValueFactory = _ => "model.onnx" };
        var run = new Option<string?>("--network") { Description = "Which network of a run: noisy or vanilla. Default: noisy, if there is one.", HelpName = "NAME" };
        run.AcceptOnlyFromAmong(ExperimentRunner.Noisy, ExperimentRunner.Vanilla);
        var json = CommonOptions.Json();
        var command = new Command("export", """
            Writes a trained network as an ONNX file, with its normalisation, softmax and labels inside, and compares the file with the network
            before it gets its name. An interrupted run gives the best weights that it had so far.

            Example:  noisynn export runs/latest --network vanilla --output vanilla.onnx
            """) { source, output, run, json };
        command.SetAction(parsed =>
        {
            OutputFile.Require(parsed.GetValue(output)!);
            using var network = NetworkFile.Read(Find(parsed.GetValue(source)!, parsed.GetValue(run)));
            var result = OnnxExporter.Export(network.Network, new OnnxExportOptions { Labels = network.Labels }, parsed.GetValue(output)!);
            if (parsed.GetValue(json))
                Json.Write(terminal.Output, result);
            else
                terminal.Output.WriteLine(FormattableString.Invariant(
                    $"{result.Path}: {result.ParameterCount:N0} parameters, opset {result.Opset}, largest difference to the network {result.MaxAbsDifference:0.0e0}"));
            return 0;
        });
        return command;
    }

    static string Find(string source, string? run)
    {
        if (File.Exists(source))
            return source;

        IEnumerable<string> folders = run is null
            ? [source, Path.Combine(source, ExperimentRunner.Noisy), Path.Combine(source, ExperimentRunner.Vanilla)]
            : [Path.Combine(source, run)];
        return folders.Select(folder => Path.Combine(folder, NetworkFile.FileName)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{source} holds no trained network{(run is null ? "" : $" '{run}'")} ({NetworkFile.FileName}). Give the folder of a run that ended at least one epoch.", source);
    }
}
