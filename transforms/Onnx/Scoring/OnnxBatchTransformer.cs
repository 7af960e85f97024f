using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.Transforms.Image;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Images.Ranges;
using NoisyNN.Transforms.Onnx.Inputs;
using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Transforms.Onnx.Scoring;

/// <summary>
/// Scores views in batches, and single rows for a <c>PredictionEngine</c>, with the ONNX model that it owns. Disposing it frees the model.
/// </summary>
public sealed class OnnxBatchTransformer : ITransformer, IDisposable
{
    const int TransductiveBatch = 64;
    readonly MLContext _context;
    readonly OnnxModel _model;
    readonly OnnxTensorInfo _input;
    readonly OnnxTensorInfo _output;
    readonly string _outputColumnName;
    readonly string _inputColumnName;
    readonly string _predictedLabelColumnName;
    readonly BatchTuning _tuning;
    readonly int? _batchSize;
    readonly bool _takesRawPixels;
    readonly PixelEncoding? _encoding;
    readonly Action<string> _inform;
    readonly Action<string> _warn;
    readonly Lock _lock = new();
    readonly Dictionary<string, RowBehaviour> _behaviours = new(StringComparer.Ordinal);
    readonly PixelRangeCheck? _range;

    internal OnnxBatchTransformer(
        MLContext context,
        OnnxModel model,
        OnnxBatchEstimator.Options options,
        int? threadCount,
        string device,
        Action<string> inform,
        Action<string> warn
    )
    {
        (_context, _model, _batchSize, _inform, _warn) = (context, model, options.BatchSize, inform, warn);
        (_takesRawPixels, _encoding) = (options.RawPixels, options.PixelEncoding);
        _input = model.FindInput(options.Input);
        _output = model.FindOutput(options.Output);
        (_outputColumnName, _inputColumnName, _predictedLabelColumnName) = (
            options.OutputColumnName,
            options.InputColumnName,
            options.PredictedLabelColumnName
        );
        // If the batch changes the result, a warm-up must not choose the batch.
        _tuning = new(
            model,
            _input.FixedBatch ?? options.BatchSize ?? (model.IsTransductive ? TransductiveBatch : null),
            options.ParallelRuns,
            threadCount,
            inform
        );
        if (_input.ElementType == TensorElementType.Float && PixelEncoding.TakesRaw(model.Metadata) is { } takesRaw)
            _range = new(context, _inputColumnName, $"'{model.FileName}'", takesRaw);
        Device = device;
        MixesRows = model.IsTransductive;
        IsIsolated = options.Isolation is not null;
        // Whether an output of one row means that rows are scored one by one, a trial shows.
        if (_output.FixedBatch is { } rows && rows != _input.FixedBatch && (rows != 1 || _input.FixedBatch is not null))
            throw new NotSupportedException(
                $"The output {_output} of '{model.FileName}' does not have one row per row of the input {_input}. "
                    + "Export it with an output whose first dimension counts the rows, or name another one (--tensor, Options.Output)."
            );
    }

    /// <summary>The loaded model, which the transformer owns.</summary>
    internal OnnxModel Model => _model;

    /// <summary>Path of the ONNX file.</summary>
    public string ModelFile => _model.Path;

    /// <summary>The model's output that becomes the column.</summary>
    public string OutputName => _output.Name;

    /// <summary>All outputs of the model.</summary>
    internal IReadOnlyList<string> OutputNames => [.. _model.Outputs.Select(output => output.Name)];

    /// <summary>Where it runs: "CPU" or "CUDA 0".</summary>
    public string Device { get; }

    /// <summary>
    /// How batches run: as the options say, or as the last warm-up chose. Without either, it is 32 rows per run and one run at a time.
    /// </summary>
    public OnnxBatchSetting Setting => _tuning.Current.Values;

    /// <summary>The shape of one row of the model's input, without the batch; -1 where the model takes any length.</summary>
    public IReadOnlyList<int> InputDimensions => _input.RowDimensions;

    /// <summary>Whether the model takes whole numbers, 0 to 255.</summary>
    public bool TakesBytes => _input.ElementType == TensorElementType.UInt8;

    /// <summary>The class labels that the model carries; empty if it carries none.</summary>
    public IReadOnlyList<string> Labels => _model.Labels;

    /// <summary>The model's metadata, as its author wrote it.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _model.Metadata;

    /// <summary>
    /// Whether a row's result depends on the rows around it. The file may say so, and every file is tried: one random row alone and the
    /// same row between two others. Results that differ by more than 0.001 of the row's largest value (0.02 for halves) count as mixed.
    /// </summary>
    public bool MixesRows { get; private set; }

    /// <summary>
    /// Whether a row's result is independent of the rows around it. The opposite of <see cref="MixesRows"/>.
    /// </summary>
    public bool IsRowToRowMapper => !MixesRows;

    /// <summary>What the trial of the rows found, as a sentence; null if rows are independent and run together.</summary>
    public string? RowFinding { get; private set; }

    /// <summary>Whether the model runs in a process of its own.</summary>
    public bool IsIsolated { get; }

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return OutputSchema.Append(inputSchema, Bind(inputSchema).OutputColumns);
    }

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new BlockMappedDataView(input, Bind(input.Schema), _context);
    }

    /// <inheritdoc/>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        if (!IsRowToRowMapper)
            throw new InvalidOperationException(
                $"'{_model.FileName}' cannot score single rows: what it makes of a row depends on the rows around it "
                    + $"({RowFinding}). Score it with Transform, in batches."
            );
        return new BlockRowMapper(inputSchema, Bind(inputSchema));
    }

    /// <summary>
    /// Chooses now the values that the options leave open: rows per run, runs at a time and their threads. It takes about a second of
    /// runs on zeros. Without this call, the choice happens when you first read rows, if there are enough of them to pay for it.
    /// </summary>
    /// <param name="schema">The schema of the rows to come.</param>
    public OnnxBatchSetting WarmUp(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return _tuning.Search(Bind(schema)).Values;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tuning.Dispose();
        _model.Dispose();
    }

    // Other assemblies cannot use the context that writes a model file. No type that loads from there would score in batches.
    void ICanSaveModel.Save(ModelSaveContext ctx) =>
        throw new NotSupportedException(
            $"Batched scoring cannot be written into an ML.NET model file. Ship '{_model.Path}' itself and make the transformer again with "
                + "ml.Scoring.OnnxBatch(...); for a chain that must be saved use ml.Transforms.ApplyOnnxModel(...), "
                + "which scores row by row."
        );

    internal SchemaShape GetOutputShape(MLContext context, SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var column =
            inputSchema.Where(column => column.Name == _inputColumnName).Select(column => (SchemaShape.Column?)column).FirstOrDefault()
            ?? throw new ArgumentOutOfRangeException(nameof(inputSchema), $"Could not find input column '{_inputColumnName}'.");
        var isVector =
            column.Kind == SchemaShape.Column.VectorKind.Vector
            && !column.IsKey
            && (
                column.ItemType == NumberDataViewType.Byte
                || column.ItemType == NumberDataViewType.Single
                || column.ItemType == NumberDataViewType.Double && _input.ElementType == TensorElementType.Double
            );
        if (!isVector && column.ItemType is not ImageDataViewType)
            throw new ArgumentOutOfRangeException(
                nameof(inputSchema),
                $"Schema mismatch for input column '{_inputColumnName}': expected {Expected}, got {column.Kind} of {column.ItemType}."
            );
        // A shape knows that a vector has a known size, but not which one. Dimensions that the model leaves open count as 1.
        return OutputSchema.Append(context, inputSchema, Columns([.. _output.RowDimensions.Select(length => Math.Max(length, 1))]));
    }

    const string Expected = "known-size Vector<Single>, Vector<Byte> or images";

    /// <summary>The model, bound to the columns of a schema.</summary>
    internal OnnxBlockMapper Bind(DataViewSchema schema)
    {
        // Floats are copied by the block's host, every other type by the block itself.
        var column = BlockInput
            .Find(schema, _inputColumnName, type => OnnxBlockMapper.ReadsColumn(type, _input.ElementType, _takesRawPixels))
            .Column;
        var shape = OnnxRowShape.Resolve(_model, _input, _inputColumnName, column.Type, _takesRawPixels);
        var input = new OnnxRows(_input.Name, _input.ElementType, shape, _input.FixedBatch);
        if (Behaviour(input).IsOneRowOnly)
            input = input with { FixedBatch = 1 };
        var outputDimensions = _output.RowDimensions.Any(length => length < 0) ? Probe(input) : _output.RowDimensions;
        var output = new OnnxRows(_output.Name, _output.ElementType, outputDimensions, _output.FixedBatch);
        var pixels = PixelsOf(column.Type, input);
        return new(
            _model,
            _inputColumnName,
            input,
            pixels,
            output,
            Columns(outputDimensions),
            _tuning.Modest,
            MixesRows,
            pixels is null ? _range : null,
            _tuning.Choose
        );
    }

    /// <summary>How pixels become the model's input; null for numbers, which feed it unchanged.</summary>
    OnnxPixels? PixelsOf(DataViewType column, OnnxRows input) =>
        column switch
        {
            ImageDataViewType => _encoding is null ? null : new OnnxPixels(_encoding, input.Dimensions.Min(), IsInterleaved: false),
            VectorDataViewType vector when _takesRawPixels => OnnxPixels.Of(_model, input, vector.Dimensions, _encoding),
            _ => null,
        };

    /// <summary>What the model does with rows of this shape, tried once.</summary>
    RowBehaviour Behaviour(OnnxRows input)
    {
        lock (_lock)
        {
            var shape = string.Join(',', input.Dimensions);
            if (_behaviours.TryGetValue(shape, out var known))
                return known;
            var behaviour = _model.IsTransductive
                ? new(MixesRows: true, IsOneRowOnly: false, "it has noise across the batch, as its metadata say")
                : RowCheck.Of(_model, input, _output);
            if (behaviour.IsOneRowOnly)
                _tuning.FixBatch(1);
            else if (behaviour.MixesRows && !MixesRows && input.FixedBatch is null)
                _tuning.FixBatch(_batchSize ?? TransductiveBatch);
            MixesRows |= behaviour.MixesRows;
            if (behaviour.Finding is { } finding)
                (behaviour.MixesRows || behaviour.IsOneRowOnly ? _warn : _inform)($"'{_model.FileName}': {RowFinding = finding}");
            return _behaviours[shape] = behaviour;
        }
    }

    DataViewSchema.DetachedColumn[] Columns(int[] rowDimensions)
    {
        int[] dimensions = rowDimensions.Length > 0 ? rowDimensions : [1];
        var isScore = Labels.Count > 0 && (_output.Name is "Score" or "Logits" || _model.Outputs.Count == 1);
        if (!isScore)
            return [new(_outputColumnName, new VectorDataViewType(NumberDataViewType.Single, dimensions))];
        if (OnnxRows.Size(dimensions) != Labels.Count)
            throw new InvalidDataException(
                $"'{_model.Path}' carries {Labels.Count} labels, but its output {_output} has {OnnxRows.Size(dimensions)} values per row."
            );
        return [ScoreColumns.Score(_outputColumnName, Labels), ScoreColumns.PredictedLabel(_predictedLabelColumnName, Labels)];
    }

    /// <summary>Runs the model once on zeros, to find an output shape that the file does not have.</summary>
    int[] Probe(OnnxRows input)
    {
        var rows = input.FixedBatch ?? 1;
        try
        {
            var shape = _model.Session.Evaluate(input, rows, new byte[checked(rows * input.ByteLength)], _output.Name).Shape;
            return shape.Length > 0 && shape[0] == rows
                ? [.. shape.Skip(1).Select(length => checked((int)length))]
                : throw new NotSupportedException(
                    $"The output {_output} of '{_model.FileName}' does not have one row per row of the input {_input}."
                );
        }
        catch (OnnxRunException exception)
        {
            throw _model.Explain(exception, $"{rows} rows of zeros");
        }
    }
}
