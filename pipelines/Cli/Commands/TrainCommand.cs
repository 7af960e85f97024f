using System.CommandLine;
using NoisyNN.Pipelines.Cli.Output;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>train</c>: runs a declared experiment.</summary>
sealed class TrainCommand : ExperimentCommand
{
    readonly Argument<string> _file = new("FILE")
    {
        Description = "The experiment, a YAML file; pipelines/configs/demo.yaml is one to start from.",
    };

    public TrainCommand(Terminal terminal)
        : base(
            "train",
            """
            Runs a declared experiment: trains, judges with noise off, exports ONNX, writes summary.json and report.html into runs/NAME.
            The file is read strictly: an unknown key or a wrong value is an error that names the line. 'noisynn schema' lists the keys.
            'seed: [1, 2, 3]', or 'folds: 5' under 'data', is one run for each, side by side on the cores. Their mean and standard deviation are
            printed.

            Example:  noisynn train pipelines/configs/demo.yaml --set training.epochs=1 --set name=quick
                      noisynn train pipelines/configs/demo.yaml --set 'seed=[1, 2, 3]'
            """,
            terminal
        ) => Add(_file);

    private protected override string FileOf(ParseResult parsed) => parsed.GetValue(_file)!;
}

/// <summary><c>demo</c>: runs the experiment that comes with the program.</summary>
sealed class DemoCommand(Terminal terminal)
    : ExperimentCommand(
        "demo",
        """
        Does the whole job on real images in a few minutes. Trains a vanilla and a noisy vision transformer on Fashion-MNIST in the same budget and
        judges both with noise off. Shows how noise across the batch cheats on a class-sorted test. Exports the network as ONNX, scores the
        test images with it, and writes a report. The experiment is declared in pipelines/configs/demo.yaml.
        """,
        terminal
    )
{
    private protected override string FileOf(ParseResult parsed) => Path.Combine(AppContext.BaseDirectory, "configs", "demo.yaml");
}
