using System.CommandLine;
using NoisyNN.Pipelines.Cli.Inputs;

namespace NoisyNN.Pipelines.Cli.Options;

/// <summary>Options that several commands share.</summary>
static class CommonOptions
{
    public static Argument<string> Model() => new("MODEL") { Description = ModelDescription };

    /// <summary>What a model to score is on a command line.</summary>
    public const string ModelDescription =
        "An ONNX file, or the folder of a run. Of a run, its model.onnx is used: the noisy network, or the vanilla one "
        + "if the run has no noise.";

    public static Option<bool> Json() => new("--json") { Description = "Print the result as JSON on standard output, and nothing else." };

    public static Option<string?> Data(string description) => new("--data") { Description = description, HelpName = "NAME|DIR" };

    public static Option<int?> BatchSize() =>
        new("--batch-size")
        {
            Description = "Rows that are scored at once. Default: the size that is fastest in a short warm-up.",
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
                "For a model that takes images of any size: the size that all images are resized to, such as 224x224. Default: "
                + "the size of the training images.",
            HelpName = "HxW",
        };

    public static Option<string?> Split()
    {
        var split = new Option<string?>("--split")
        {
            Description = "The rows to use: test, validation, train or all. Default: test, or all if nothing says how a folder was split.",
            HelpName = "NAME",
        };
        split.AcceptOnlyFromAmong(DataSource.Test, DataSource.Validation, DataSource.Train, DataSource.All);
        return split;
    }

    public static Option<int?> Seed() =>
        new("--seed")
        {
            Description =
                "For an ONNX file outside the folder of a run: the seed of its training, to cut the same test rows (20 %) and "
                + "validation rows (10 % of the rest) from a folder of images. Without it, all images of such a folder are used. "
                + "The folder of a run records its seed.",
            HelpName = "N",
        };

    public static Option<bool> Trusted() =>
        new("--trusted")
        {
            Description =
                "Run the model in this process. Default: a model that you did not export on this machine runs in a "
                + "process of its own, with limits on memory and time, because a file can crash ONNX Runtime.",
        };

    public static Option<int?> Gpu() =>
        new("--gpu")
        {
            Description =
                "The number of the CUDA device to compute on, from 0. It needs a build with CUDA: NOISYNN_GPU=cuda ./noisynn setup "
                + "in a checkout. Default: the CPU. A missing device is an error.",
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
        string description = "Leave out and count images that cannot be read. Default: the first such image ends the command with an error."
    ) => new("--skip-unreadable") { Description = description };
}
