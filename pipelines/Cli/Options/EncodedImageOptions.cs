using System.CommandLine;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Scoring;

namespace NoisyNN.Pipelines.Cli.Options;

/// <summary>The options for labelled images and a network that embeds them, read into an <see cref="EncodedImageRequest"/>.</summary>
sealed class EncodedImageOptions
{
    readonly Option<string?> _data = CommonOptions.Data(
        "Labelled images: a folder with one subfolder per class, or a data set of data-manifests/ by name. Only training "
            + "rows are read. With --network RUN it can be left out: the default is the data of that run."
    );
    readonly Option<string?> _network = new("--network")
    {
        Description =
            "An ONNX file or the folder of a run. Its embedding of the images is used. Without it, the pixels of --data are used.",
        HelpName = "FILE|RUN",
    };
    readonly Option<string?> _embedding = new("--embedding")
    {
        Description =
            "With --network: the output that is the embedding. Default: ClassToken or "
            + "Features, the input of the head in exported networks.",
        HelpName = "NAME",
    };
    readonly Option<bool> _trusted = CommonOptions.Trusted();
    readonly PixelOptions _pixels = new();
    readonly Option<int?> _limit = new("--limit")
    {
        Description = "With --data: the most training rows to read. Default: all.",
        HelpName = "N",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_data, _network, _embedding, _limit, _trusted])
            command.Add(option);
        _pixels.AddTo(command);
    }

    /// <summary>Whether the command line names images.</summary>
    public bool AreNamed(ParseResult parsed) => parsed.GetValue(_data) is not null || parsed.GetValue(_network) is not null;

    /// <exception cref="UsageException">The command line names images as well as a file of numbers.</exception>
    public void Refuse(ParseResult parsed)
    {
        if (AreNamed(parsed))
            throw new UsageException("--input names numbers, --data and --network name images; give one of them.");
    }

    /// <summary>The images that the command line asks for.</summary>
    public EncodedImageRequest Read(ParseResult parsed, int? seed) =>
        new(
            parsed.GetValue(_data),
            parsed.GetValue(_network),
            parsed.GetValue(_embedding),
            parsed.GetValue(_limit),
            seed,
            parsed.GetValue(_trusted),
            _pixels.Read(parsed)
        );
}
