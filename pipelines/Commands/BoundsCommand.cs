using System.CommandLine;
using NoisyNN.Pipelines.Experiments;

namespace NoisyNN.Pipelines.Commands;

/// <summary><c>bounds</c>: two autoencoders and their evidence lower bounds side by side.</summary>
static class BoundsCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The comparison, a YAML file; experiments/information-vae.yaml is one to start from." };
        var set = new Option<string[]>("--set") { Description = "Overrides a value of the file, as in training.epochs=3. May be repeated.", HelpName = "PATH=VALUE" };
        var (gpu, json) = (CommonOptions.Gpu(), CommonOptions.Json());
        var command = new Command("bounds", """
            Trains two variational autoencoders on the same images in the same budget, one whose codes carry additive Gaussian noise and one whose codes carry the
            multiplicative noise of Information Dropout, and prints their evidence lower bounds side by side, in nats per image.

            Example:  noisynn bounds experiments/information-vae.yaml --set training.epochs=1
            """) { file, set, gpu, json };
        command.SetAction(parsed =>
        {
            var experiment = BoundsExperiment.Load(parsed.GetValue(file)!, parsed.GetValue(set));
            var device = parsed.GetValue(gpu);
            GpuChoice.RequireForTraining(device);
            var rows = new BoundsRunner(experiment, new ProgressDisplay(terminal), device).Run(terminal.Cancellation);
            if (parsed.GetValue(json))
                Json.Write(terminal.Output, rows);
            else
                Print(terminal, rows);
            return 0;
        });
        return command;
    }

    static void Print(Terminal terminal, IReadOnlyList<BoundsRow> rows)
    {
        terminal.ClearStatus();
        terminal.Output.WriteLine();
        terminal.Output.WriteLine("bounds of ln p(x) in nats per image, higher is better:");
        terminal.Table(
            ["posterior", "training", "= likelihood", "- divergence", "validation", "test", "test, weighted", "trained in"],
            rows.Select(row => (string[])[row.Posterior, Nats(row.TrainingBound), Nats(row.LogLikelihood), Nats(row.Divergence), Nats(row.ValidationBound), Nats(row.TestBound),
                Nats(row.TestImportanceBound), Terminal.Duration(row.TrainSeconds)]));
    }

    static string Nats(double? value) => value is { } nats ? FormattableString.Invariant($"{nats:F2}") : "none";
}
