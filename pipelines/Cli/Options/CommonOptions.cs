using System.CommandLine;
using NoisyNN.Pipelines.Cli.Inputs;

namespace NoisyNN.Pipelines.Cli.Options;

/// <summary>Options that several commands take, under one name with one meaning.</summary>
static class CommonOptions
{
    public static Option<bool> Json() =>
        new("--json") { Description = "Print the figures as JSON on standard output, and nothing else there." };

    public static Option<string?> Data(string description) => new("--data") { Description = description, HelpName = "NAME|DIR" };

    public static Option<int?> BatchSize() =>
        new("--batch-size")
        {
            Description = "Rows that are scored at once. Default: what a short warm-up finds fastest.",
            HelpName = "N",
            Validators =
            {
                result =>
                {
                    if (result.GetValueOrDefault<int?>() < 1)
                        result.AddError("--batch-size must be at least 1.");
                },
            },
        };

    public static Option<string?> ImageSize() =>
        new("--image-size")
        {
            Description =
                "For a model that takes images of any size: what all of them are resized to, as in 224x224. Default: the size of its training.",
            HelpName = "HxW",
        };

    public static Option<string?> Split()
    {
        var split = new Option<string?>("--split")
        {
            Description =
                "Which rows: test, validation, train or all. Default: test; all for a folder without splits of which nobody says how it was split.",
            HelpName = "NAME",
        };
        split.AcceptOnlyFromAmong(DataSource.Test, DataSource.Validation, DataSource.Train, DataSource.All);
        return split;
    }

    public static Option<int?> Seed() =>
        new("--seed")
        {
            Description =
                "For a bare ONNX file: the seed of its training, which decides the splits (with the default fractions). The folder of a run knows its own.",
            HelpName = "N",
        };

    public static Option<bool> Trusted() =>
        new("--trusted")
        {
            Description =
                "Run the model in this process. Default: a model that you did not export on this machine runs in a process of its own, with limits on memory and time, because a file can crash ONNX Runtime.",
        };

    public static Option<int?> Gpu() =>
        new("--gpu")
        {
            Description = "The CUDA device to compute on, counted from 0. Default: the CPU. A device that is not there is an error.",
            HelpName = "ID",
            Validators =
            {
                result =>
                {
                    if (result.GetValueOrDefault<int?>() < 0)
                        result.AddError("--gpu must be at least 0.");
                },
            },
        };

    public static Option<bool> SkipUnreadable(
        string description = "Skip and count images that cannot be read instead of stopping at the first."
    ) => new("--skip-unreadable") { Description = description };
}
