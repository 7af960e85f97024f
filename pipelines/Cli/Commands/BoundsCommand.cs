using System.CommandLine;
using NoisyNN.Pipelines.Cli.Options;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Cli.Reports;
using NoisyNN.Pipelines.Experiments;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Pipelines.Experiments.Running;

namespace NoisyNN.Pipelines.Cli.Commands;

/// <summary><c>bounds</c>: trains two autoencoders and compares their evidence lower bounds.</summary>
sealed class BoundsCommand : Command
{
    readonly Terminal _terminal;
    readonly Argument<string> _file = new("FILE")
    {
        Description = "A YAML file that declares the comparison. The project's pipelines/configs/information-vae.yaml is an example.",
    };
    readonly RunOptions _options = new("training.epochs=3");
    readonly Option<int?> _gpu = CommonOptions.Gpu();
    readonly Option<bool> _json = CommonOptions.Json();

    public BoundsCommand(Terminal terminal)
        : base(
            "bounds",
            """
            Trains two variational autoencoders on the same images with the same budget and compares their evidence lower bounds in nats per
            image. One adds Gaussian noise to its codes. The other multiplies its codes by the noise of Information Dropout. The command
            writes weights, metrics.jsonl, summary.json and report.html into runs/NAME.

            Example:  noisynn bounds my-bounds.yaml --set training.epochs=1
            """
        )
    {
        _terminal = terminal;
        Add(_file);
        _options.AddTo(this);
        Add(_gpu);
        Add(_json);
        SetAction(Run);
    }

    int Run(ParseResult parsed)
    {
        var experiment = BoundsExperiment.Load(parsed.GetValue(_file)!, _options.Overrides(parsed));
        var device = parsed.GetValue(_gpu);
        GpuChoice.RequireForTraining(device);
        using var folder = RunFolder.Open(_options.Root(parsed), experiment.Name, experiment.Effective, _options.Resume(parsed));
        var run = new BoundsRunner(experiment, folder, RunOptions.Repeat(parsed), new ProgressDisplay(_terminal), device);
        var summary = run.Run(_terminal.Cancellation);
        if (parsed.GetValue(_json))
            _terminal.Output.WriteLine(summary.ToJson());
        else
            BoundsText.Print(_terminal, summary, folder);
        return 0;
    }
}
