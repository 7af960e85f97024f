using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.Transforms.Image;
using NoisyNN.Transforms.Batching;
using NoisyNN.Transforms.Images.Ranges;
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
    readonly PixelRangeCheck? _range;

    internal OnnxBatchTransformer(
        MLContext context,
        OnnxModel model,
        OnnxBatchEstimator.Options options,
        int? threadCount,
        string device,
        Action<string> inform
    )
    {
        (_context, _model) = (context, model);
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
        if (_input.ElementType == TensorElementType.Float && ImagePixels.TakesRaw(model) is { } takesRaw)
            _range = new(context, _inputColumnName, $"'{model.FileName}'", takesRaw);
        Device = device;
        if (_output.FixedBatch is { } rows && rows != _input.FixedBatch)
            throw new NotSupportedException(
                $"The output {_output} of '{model.FileName}' does not have one row per row of the input {_input}."
            );
    }

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
    /// Whether a row's result is independent of the rows around it. True, unless the model says that it has noise across the batch.
    /// </summary>
    public bool IsRowToRowMapper => !_model.IsTransductive;

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
                $"'{_model.FileName}' has noise across the batch: what it makes of a row depends on the rows around it, so it cannot score single rows."
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
                + "ml.Scoring.OnnxBatch(...); for a chain that must be saved use ml.Transforms.ApplyOnnxModel(...), which scores row by row."
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
            && (column.ItemType == NumberDataViewType.Byte || column.ItemType == NumberDataViewType.Single);
        if (!isVector && column.ItemType is not ImageDataViewType)
            throw new ArgumentOutOfRangeException(
                nameof(inputSchema),
                $"Schema mismatch for input column '{_inputColumnName}': expected {Expected}, got {column.Kind} of {column.ItemType}."
            );
        // A shape knows that a vector has a known size, but not which one. Dimensions that the model leaves open count as 1.
        return OutputSchema.Append(context, inputSchema, Columns([.. _output.RowDimensions.Select(length => Math.Max(length, 1))]));
    }

    const string Expected = "known-size Vector<Single>, Vector<Byte> or images";

    OnnxBlockMapper Bind(DataViewSchema schema)
    {
        // Floats are copied by the block's host, every other type by the block itself.
        var column = BlockInput.Find(schema, _inputColumnName, type => OnnxBlockMapper.ReadsColumn(type, _input.ElementType)).Column;
        var shape = OnnxRowShape.Resolve(_model, _input, _inputColumnName, column.Type);
        var input = new OnnxRows(_input.Name, _input.ElementType, shape, _input.FixedBatch);
        var outputDimensions = _output.RowDimensions.Any(length => length < 0) ? Probe(input) : _output.RowDimensions;
        var output = new OnnxRows(_output.Name, _output.ElementType, outputDimensions, _output.FixedBatch);
        return new(_model, _inputColumnName, input, output, Columns(outputDimensions), _tuning.Modest, _range, _tuning.Choose);
    }

    DataViewSchema.DetachedColumn[] Columns(int[] rowDimensions)
    {
        int[] dimensions = rowDimensions.Length > 0 ? rowDimensions : [1];
        var isScore = Labels.Count > 0 && (_output.Name is "Score" or "Logits" || _model.Outputs.Count == 1);
        if (!isScore)
            return [new(_outputColumnName, new VectorDataViewType(NumberDataViewType.Single, dimensions))];
        if (OnnxRowShape.Size(dimensions) != Labels.Count)
            throw new InvalidDataException(
                $"'{_model.Path}' carries {Labels.Count} labels, but its output {_output} has {OnnxRowShape.Size(dimensions)} values per row."
            );
        return [ScoreColumns.Score(_outputColumnName, Labels), ScoreColumns.PredictedLabel(_predictedLabelColumnName, Labels)];
    }

    /// <summary>Runs the model once on zeros, to find an output shape that the file does not have.</summary>
    int[] Probe(OnnxRows input)
    {
        var rows = input.FixedBatch ?? 1;
        using var zeros = input.Tensor(GC.AllocateArray<byte>(checked(rows * input.ByteLength), pinned: true), rows);
        var (run, ending) = _model.CreateRun();
        try
        {
            using var results = _model.Session.Run(run, [input.Name], [zeros], [_output.Name]);
            var shape = results[0].GetTensorTypeAndShape().Shape;
            return shape.Length > 0 && shape[0] == rows
                ? [.. shape.Skip(1).Select(length => checked((int)length))]
                : throw new NotSupportedException(
                    $"The output {_output} of '{_model.FileName}' does not have one row per row of the input {_input}."
                );
        }
        catch (OnnxRuntimeException exception)
        {
            throw _model.Explain(exception, $"{rows} rows of zeros");
        }
        finally
        {
            ending.Dispose();
            run.Dispose();
        }
    }
}
