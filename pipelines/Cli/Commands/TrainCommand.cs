using System.CommandLine;
using NoisyNN.Pipelines.Cli.Output;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>train</c>: runs a declared experiment.</summary>
sealed class TrainCommand : ExperimentCommand
{
    readonly Argument<string> _file = new("FILE")
    {
        Description = "A YAML file that declares the experiment. pipelines/configs/demo.yaml is an example.",
    };

    public TrainCommand(Terminal terminal)
        : base(
            "train",
            """
            Runs a declared experiment. It trains, judges with noise off, exports ONNX, and writes summary.json and report.html into
            runs/NAME. The file is read strictly: an unknown key or a wrong value is an error that names the line. 'noisynn schema' lists
            the keys. 'seed: [1, 2, 3]', or 'folds: 5' under 'data', starts one run for each seed or fold. The runs share the cores. The
            command prints their mean and standard deviation.

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
        Runs a complete experiment on real images in a few minutes. It trains a vanilla and a noisy vision transformer on Fashion-MNIST with
        the same budget and judges both with noise off. It shows how noise across the batch cheats on a class-sorted test. It exports the
        network as ONNX, scores the test images with it and writes a report. pipelines/configs/demo.yaml declares the experiment.
        """,
        terminal
    )
{
    private protected override string FileOf(ParseResult parsed) => Path.Combine(AppContext.BaseDirectory, "configs", "demo.yaml");
}
