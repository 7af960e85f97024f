using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace NoisyNN.Transforms.Onnx.Sessions;

/// <summary>An ONNX file, checked and loaded into ONNX Runtime. Any number of threads may run its session.</summary>
sealed class OnnxModel : IDisposable
{
    /// <summary>The metadata entry that carries the class labels, a JSON array of strings.</summary>
    public const string LabelsKey = "noisy.labels";

    /// <summary>The metadata entry that is "true" if a row's result depends on the other rows of its batch.</summary>
    public const string TransductiveKey = "noisy.transductive";

    /// <summary>
    /// The metadata entry with the size of images in training, [height, width]. A file of open size uses it to resize images.
    /// </summary>
    public const string ImageSizeKey = "noisy.resize";

    readonly SharedSession _session;
    readonly Func<int, SessionOptions>? _optionsFor;
    volatile bool _disposed;

    OnnxModel(string path, InferenceSession session, Func<int, SessionOptions>? optionsFor, CancellationToken cancellation)
    {
        (Path, Cancellation) = (path, cancellation);
        _session = new(session);
        _optionsFor = optionsFor;
        Inputs = Tensors(session.InputNames, session.InputMetadata);
        Outputs = Tensors(session.OutputNames, session.OutputMetadata);
        Metadata = session.ModelMetadata.CustomMetadataMap;
        Labels = ReadLabels();
    }

    public string Path { get; }

    /// <summary>Ends runs that are under way.</summary>
    public CancellationToken Cancellation { get; }

    public string FileName => System.IO.Path.GetFileName(Path);

    public IReadOnlyList<OnnxTensorInfo> Inputs { get; }

    public IReadOnlyList<OnnxTensorInfo> Outputs { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The class labels that the file carries; empty if it carries none.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Whether the file says that a row's result depends on the other rows of its batch.</summary>
    public bool IsTransductive => Metadata.TryGetValue(TransductiveKey, out var text) && text == "true";

    public InferenceSession Session => Shared.Session;

    /// <summary>The session, which runs on other threads can share.</summary>
    public SharedSession Shared
    {
        get
        {
            ThrowIfDisposed();
            return _session;
        }
    }

    /// <summary>Whether the model can make sessions with other numbers of threads.</summary>
    public bool HasThreadChoice => _optionsFor is not null;

    public void ThrowIfDisposed() => ThrowIfDisposed(_disposed);

    /// <summary>The exception names the transformer, because the user knows only that.</summary>
    internal static void ThrowIfDisposed(bool isDisposed) =>
        DisposedTransformer.ThrowIf(isDisposed, "OnnxBatchTransformer", "its ONNX model");

    /// <summary>Another session with this number of threads inside an operator.</summary>
    /// <exception cref="InvalidDataException">ONNX Runtime cannot load the file any more.</exception>
    public SharedSession CreateSession(int threadCount)
    {
        using var options = _optionsFor!(threadCount);
        return new(Open(Path, options));
    }

    /// <param name="path">The file.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="optionsFor">How to run it with a given number of threads inside an operator; null if that is not to be
    /// chosen.</param>
    /// <param name="cancellation">Ends runs that are under way.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not ONNX, is damaged, is refused as unsafe, or ONNX Runtime cannot run
    /// it.</exception>
    public static OnnxModel Load(
        string path,
        SessionOptions options,
        Func<int, SessionOptions>? optionsFor = null,
        CancellationToken cancellation = default
    )
    {
        OnnxFile.Read(path);
        var session = Open(path, options);
        try
        {
            return new(path, session, optionsFor, cancellation);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>The input that rows are fed to: the named one, or the only one.</summary>
    public OnnxTensorInfo FindInput(string? name)
    {
        var input = name is null ? Only(Inputs) : Inputs.FirstOrDefault(tensor => tensor.Name == name);
        if (input is null)
            throw new ArgumentException(
                name is null
                    ? $"'{FileName}' has {Described(Inputs, "inputs")}; name the one to feed."
                    : $"'{FileName}' has no input '{name}'. It has {Described(Inputs, "inputs")}."
            );
        if (Inputs.Count > 1)
            throw new NotSupportedException(
                $"'{FileName}' needs {Described(Inputs, "inputs")} at once; rows of one column can feed one input only."
            );
        ThrowUnlessRows(input, "input", OnnxElement.IsInput(input.ElementType), "float, half or byte");
        return input;
    }

    /// <summary>The output that becomes a column: the named one, or "Score", or the first.</summary>
    public OnnxTensorInfo FindOutput(string? name)
    {
        var output = name is null
            ? Outputs.FirstOrDefault(tensor => tensor.Name == "Score") ?? (Outputs.Count > 0 ? Outputs[0] : null)
            : Outputs.FirstOrDefault(tensor => tensor.Name == name);
        if (output is null)
            throw new ArgumentException($"'{FileName}' has no output '{name}'. It has {Described(Outputs, "outputs")}.");
        ThrowUnlessRows(output, "output", OnnxElement.IsOutput(output.ElementType), "float or half");
        return output;
    }

    /// <summary>Options of a run that ends when scoring is cancelled. Dispose of the second before the first.</summary>
    public (RunOptions Options, CancellationTokenRegistration Ending) CreateRun()
    {
        var run = new RunOptions();
        return (run, Cancellation.Register(() => run.Terminate = true));
    }

    /// <summary>The exception for a failure of ONNX Runtime: scoring was cancelled, or <paramref name="what"/> failed.</summary>
    public Exception Explain(OnnxRuntimeException failure, string what) =>
        Cancellation.IsCancellationRequested
            ? new OperationCanceledException($"Scoring with '{FileName}' was cancelled.", failure, Cancellation)
            : new InvalidOperationException($"'{FileName}' failed on {what}: {failure.Message}", failure);

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _session.Dispose();
    }

    static InferenceSession Open(string path, SessionOptions options)
    {
        try
        {
            return new(path, options);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new InvalidDataException($"ONNX Runtime cannot load '{path}': {exception.Message}", exception);
        }
    }

    void ThrowUnlessRows(OnnxTensorInfo tensor, string role, bool isElementKnown, string elements)
    {
        if (!isElementKnown || tensor.Dimensions.Count == 0)
            throw new NotSupportedException(
                $"The {role} {tensor} of '{FileName}' is not {elements} with rows along its first dimension, so it cannot be a column."
            );
        // Open dimensions count as one here; a column fills them in later.
        var rowLength = tensor.RowDimensions.Aggregate(1.0, (length, dimension) => length * Math.Abs(dimension));
        if (rowLength < 1 || rowLength > Array.MaxLength)
            throw new NotSupportedException(
                $"The {role} {tensor} of '{FileName}' has {rowLength:g4} values per row, which no column can hold."
            );
    }

    static OnnxTensorInfo? Only(IReadOnlyList<OnnxTensorInfo> tensors) => tensors.Count == 1 ? tensors[0] : null;

    static string Described(IReadOnlyList<OnnxTensorInfo> tensors, string kind) =>
        tensors.Count == 0 ? $"no tensor {kind}" : $"the {kind} {string.Join(", ", tensors)}";

    static OnnxTensorInfo[] Tensors(IReadOnlyList<string> names, IReadOnlyDictionary<string, NodeMetadata> metadata) =>
        [.. names.Select(name => OnnxTensorInfo.From(name, metadata[name])).OfType<OnnxTensorInfo>()];

    string[] ReadLabels()
    {
        if (!Metadata.TryGetValue(LabelsKey, out var json))
            return [];
        try
        {
            var labels = JsonSerializer.Deserialize<string[]>(json);
            if (labels is { Length: > 0 } && !labels.Contains(null))
                return labels;
        }
        catch (JsonException)
        {
            // Reported below, like every other content that is not a list of texts.
        }
        throw new InvalidDataException($"The metadata '{LabelsKey}' of '{Path}' is not a JSON array of labels. Export the file again.");
    }
}
