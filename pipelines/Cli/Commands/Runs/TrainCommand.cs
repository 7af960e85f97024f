using System.CommandLine;
using NoisyNN.Pipelines.Cli.Clusters;
using NoisyNN.Pipelines.Cli.Output;

namespace NoisyNN.Pipelines.Cli.Commands.Runs;

/// <summary><c>train</c>: runs a declared experiment.</summary>
sealed class TrainCommand : ExperimentCommand
{
    readonly Argument<string> _file = new("FILE")
    {
        Description = "A YAML file that declares the experiment. 'noisynn demo' writes an example: runs/demo/experiment.yaml.",
    };

    public TrainCommand(Terminal terminal)
        : base(
            "train",
            """
            Runs a declared experiment. It trains, judges with noise off, exports ONNX, and writes summary.json and report.html into
            runs/NAME. The file is read strictly: an unknown key or a wrong value is an error that names the line. 'noisynn schema' lists
            the keys. 'seed: [1, 2, 3]', or 'folds: 5' under 'data', starts one run for each seed or fold. The runs share the processors. The
            command prints their mean and standard deviation.

            Ctrl-C or SIGTERM saves a checkpoint; the same command with --resume continues from it.

            With --on slurm, the command submits the trials to a cluster as an array of jobs, and a job that sums them up, and returns.
            With --resume it submits only what is not complete.

            Example:  noisynn train my.yaml --set training.epochs=1 --set name=quick
                      noisynn train my.yaml --set 'seed=[1, 2, 3]'
                      noisynn train my.yaml --on slurm -- --partition=gpu --gres=gpu:1 --time=4:00:00
            """,
            terminal,
            new ClusterOptions()
        )
    {
        Add(_file);
        Cluster!.AddArgumentTo(this);
    }

    private protected override string FileOf(ParseResult parsed) => parsed.GetValue(_file)!;
}

/// <summary><c>demo</c>: runs the experiment that comes with the program.</summary>
sealed class DemoCommand(Terminal terminal)
    : ExperimentCommand(
        "demo",
        """
        Runs a complete experiment on real images in a few minutes. It trains two vision transformers with the same budget: one without
        noise (vanilla) and one with noise (noisy). It judges both with noise off. It shows that noise which mixes the images of a batch
        inflates accuracy when the test images are sorted by class. It exports the noisy network as ONNX, scores the test images with the
        file and writes a report. The images are those of Fashion-MNIST, which 'noisynn data get fashion-mnist' downloads, or your own
        with --data. Every setting is written to runs/demo/experiment.yaml.

        Example:  noisynn demo --data photos/ --set training.epochs=20
        """,
        terminal
    )
{
    private protected override string FileOf(ParseResult parsed) => Path.Combine(AppContext.BaseDirectory, "configs", "demo.yaml");
}
