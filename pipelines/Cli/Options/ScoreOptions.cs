using System.CommandLine;
using NoisyNN.Pipelines.Cli.Inputs;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Data.Formats.Tables;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Pipelines.Scoring.Shards;

namespace NoisyNN.Pipelines.Cli.Options;

/// <summary>The settings of <c>score</c>.</summary>
/// <param name="Request">The model, and the rows of a data set.</param>
/// <param name="Images">Image files, or folders of them.</param>
/// <param name="Input">A file of numbers; null for images.</param>
/// <param name="LabelColumn">Its column of labels, which is left out; null if none is named.</param>
/// <param name="Table">How to read a table.</param>
/// <param name="TableText">The table options as text, for the fingerprint of the request.</param>
/// <param name="Tensor">The output to write unchanged; null for predictions.</param>
/// <param name="ImageSize">The size that images are resized to, as typed; null for the size of the training images.</param>
/// <param name="Output">The table to write.</param>
/// <param name="BatchSize">Rows that are scored at once; null to find the number in a warm-up.</param>
/// <param name="IsRestarted">Whether to discard the result of an interrupted run.</param>
/// <param name="Gpu">The CUDA device; null for the CPU.</param>
/// <param name="IsJson">Whether the figures are printed as JSON.</param>
/// <param name="Shards">Which shards to score; null for a table that is not divided.</param>
sealed record ScoreSettings(
    DataRequest Request,
    IReadOnlyList<string> Images,
    string? Input,
    string? LabelColumn,
    TableOptions? Table,
    string TableText,
    string? Tensor,
    string? ImageSize,
    string Output,
    int? BatchSize,
    bool IsRestarted,
    int? Gpu,
    bool IsJson,
    ShardChoice? Shards
)
{
    /// <summary>The settings that decide the content of the table, as text.</summary>
    public string Describe() =>
        $"{BatchSize} {Gpu} {Tensor} {ImageSize} {Request.Pixels} {ScoreTable.SeparatorOf(Output)} {LabelColumn} {TableText}";
}

/// <summary>Shards of a table.</summary>
/// <param name="Count">Into how many the rows are divided.</param>
/// <param name="Only">The one to score; null for all.</param>
/// <param name="IsJoin">Whether only to join them.</param>
sealed record ShardChoice(int Count, Shard? Only, bool IsJoin);

/// <summary>The arguments and options of <c>score</c>.</summary>
sealed class ScoreOptions
{
    readonly Argument<string> _model = CommonOptions.Model();
    readonly Argument<string[]> _images = new("IMAGES")
    {
        Description = "Image files (PNG, JPEG, WebP, BMP, GIF), or folders of them.",
        Arity = ArgumentArity.ZeroOrMore,
    };
    readonly LabelledImageOptions _data = new(
        "Score rows of a data set instead: a folder with one subfolder per class, or a data set of data-manifests/ by name.",
        CommonOptions.SkipUnreadable("Accept images that cannot be read: they are reported and left out, and the exit code stays 0.")
    );
    readonly Option<string?> _input = new("--input")
    {
        Description = "Score rows of numbers instead: a .npy array, whose first axis counts the rows, or a .csv table.",
        HelpName = "FILE",
    };
    readonly Option<string?> _labelColumn = new("--label-column")
    {
        Description =
            "With a .csv --input: the column of labels, by name or by number from 1, which is left out; or none if every column is a "
            + "feature. Default: none, but a column with a name such as 'label' is an error that asks for this option.",
        HelpName = "NAME",
    };
    readonly Option<string?> _tensor = new("--tensor")
    {
        Description = "The output of the model to write unchanged, such as ClassToken for embeddings. Default: the predictions.",
        HelpName = "NAME",
    };
    readonly Option<string?> _imageSize = CommonOptions.ImageSize();
    readonly Option<string> _output = new("--output")
    {
        Description = "The table to write, with tabs if its name ends in .tsv. It appears when it is complete.",
        HelpName = "FILE",
        DefaultValueFactory = _ => "scores.csv",
    };
    readonly Option<int?> _batchSize = CommonOptions.BatchSize();
    readonly Option<bool> _restart = new("--restart") { Description = "Start again and discard what an interrupted run has left." };
    readonly Option<string?> _shard = new("--shard")
    {
        Description =
            "Divide the rows into N shards, and score the I-th of them, from 1, into FILE.shards. 'cat FILE.shards/*' is then the table. "
            + "The exit code is 75 if another process is working on the shard.",
        HelpName = "I/N",
    };
    readonly Option<int?> _shards = new("--shards")
    {
        Description = "Divide the rows into N shards in FILE.shards, score those that are missing, and join them.",
        HelpName = "N",
    };
    readonly Option<bool> _join = new("--join") { Description = "With --shards: only join the shards, and fail if one is missing." };
    readonly Option<int?> _gpu = CommonOptions.Gpu();
    readonly Option<bool> _json = CommonOptions.Json();
    readonly TableArguments _tables = new();

    public void AddTo(Command command)
    {
        command.Add(_model);
        command.Add(_images);
        _data.AddTo(command);
        foreach (var option in (Option[])[_input, _labelColumn, _tensor, _imageSize, _output, _batchSize, _restart])
            command.Add(option);
        foreach (var option in (Option[])[_shard, _shards, _join, _gpu, _json])
            command.Add(option);
        _tables.AddTo(command, hasLabels: false);
    }

    /// <exception cref="UsageException">Options exclude each other, or none names what to score.</exception>
    /// <param name="parsed">The command line.</param>
    /// <param name="others">How many of the last words are none of the images.</param>
    public ScoreSettings Read(ParseResult parsed, int others = 0)
    {
        var request = _data.Read(parsed, parsed.GetValue(_model)!);
        var images = (parsed.GetValue(_images) ?? []).SkipLast(others).ToArray();
        var input = parsed.GetValue(_input);
        Require(parsed, request, images, input);
        return new(
            request,
            images,
            input,
            parsed.GetValue(_labelColumn),
            input is null ? null : _tables.Read(parsed, input).Rows,
            _tables.Describe(parsed),
            parsed.GetValue(_tensor),
            parsed.GetValue(_imageSize),
            parsed.GetValue(_output)!,
            parsed.GetValue(_batchSize),
            parsed.GetValue(_restart),
            parsed.GetValue(_gpu),
            parsed.GetValue(_json),
            ReadShards(parsed)
        );
    }

    /// <summary>Options that divide the work, or that concern the whole table: no process that scores a shard is given them.</summary>
    public Option[] OfWholeTable => [_shards, _join, _restart, _json];

    ShardChoice? ReadShards(ParseResult parsed)
    {
        var only = parsed.GetValue(_shard) is { } text ? Shard.Parse(text) : (Shard?)null;
        var count = parsed.GetValue(_shards);
        var isJoin = parsed.GetValue(_join);
        if (only is not null && count is not null)
            throw new UsageException("--shard I/N scores one shard, --shards N all of them; give one of the two.");
        if (count is < 1 or > Shard.Most)
            throw new UsageException($"--shards must be from 1 to {Shard.Most}.");
        if (isJoin && count is null)
            throw new UsageException("--join goes with --shards.");
        if (parsed.GetValue(_restart) && (only is not null || isJoin))
            throw new UsageException("--restart would discard shards of other processes; give it with --shards N alone.");
        if (parsed.GetValue(_json) && only is not null)
            throw new UsageException("--json goes with the whole table, not with one shard.");
        return only is { } shard ? new(shard.Count, shard, IsJoin: false)
            : count is { } all ? new(all, Only: null, isJoin)
            : null;
    }

    void Require(ParseResult parsed, DataRequest request, string[] images, string? input)
    {
        if ((images.Length > 0 ? 1 : 0) + (request.Source is null ? 0 : 1) + (input is null ? 0 : 1) != 1)
            throw new UsageException("give exactly one of these: images (files or folders), --data, or --input.");
        if (request.Source is null && (request.Split is not null || request.Seed is not null))
            throw new UsageException("--split and --seed go with --data; named images and rows of --input are all scored.");
        if (input is not null && (parsed.GetValue(_imageSize) is not null || request.SkipUnreadable))
            throw new UsageException("--image-size and --skip-unreadable go with images, not with --input.");
        if (input is null && (_tables.Given(parsed) ?? (parsed.GetValue(_labelColumn) is null ? null : _labelColumn.Name)) is { } stray)
            throw new UsageException($"{stray} goes with --input.");
    }
}
