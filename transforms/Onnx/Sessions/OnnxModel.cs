using System.Text.Json;
using Microsoft.ML.OnnxRuntime;

namespace NoisyNN.Transforms.Onnx.Sessions;

/// <summary>An ONNX file, checked and loaded into ONNX Runtime. Any number of threads may run its sessions.</summary>
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
    readonly Func<int?, IOnnxSession> _open;
    volatile bool _disposed;

    OnnxModel(string path, IOnnxSession session, Func<int?, IOnnxSession> open, bool hasThreadChoice, CancellationToken cancellation)
    {
        (Path, HasThreadChoice, Cancellation) = (path, hasThreadChoice, cancellation);
        _session = new(session);
        _open = open;
        (Inputs, Outputs, Metadata) = (session.Signature.Inputs, session.Signature.Outputs, session.Signature.Metadata);
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

    public IOnnxSession Session => Shared.Session;

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
    public bool HasThreadChoice { get; }

    public void ThrowIfDisposed() => ThrowIfDisposed(_disposed);

    /// <summary>The exception names the transformer, because the user knows only that.</summary>
    internal static void ThrowIfDisposed(bool isDisposed) =>
        DisposedTransformer.ThrowIf(isDisposed, "OnnxBatchTransformer", "its ONNX model");

    /// <summary>Another session with this number of threads inside an operator.</summary>
    /// <exception cref="InvalidDataException">ONNX Runtime cannot load the file any more.</exception>
    public SharedSession CreateSession(int threadCount) => new(_open(threadCount));

    /// <param name="path">The file.</param>
    /// <param name="open">Opens a session with a number of threads inside an operator; null for the number that the options
    /// say.</param>
    /// <param name="hasThreadChoice">Whether the number of threads is to be chosen.</param>
    /// <param name="cancellation">Ends runs that are under way.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not ONNX, is damaged, is refused as unsafe, or ONNX Runtime cannot run
    /// it.</exception>
    public static OnnxModel Load(string path, Func<int?, IOnnxSession> open, bool hasThreadChoice, CancellationToken cancellation)
    {
        OnnxFile.Read(path);
        var session = open(null);
        try
        {
            return new(path, session, open, hasThreadChoice, cancellation);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>A model in this process, with one session.</summary>
    /// <inheritdoc cref="Load(string, Func{int?, IOnnxSession}, bool, CancellationToken)"/>
    public static OnnxModel Load(string path, SessionOptions options) =>
        Load(path, _ => LocalSession.Open(path, options, CancellationToken.None), hasThreadChoice: false, CancellationToken.None);

    /// <summary>The input that rows are fed to: the named one, or the only one.</summary>
    /// <exception cref="ArgumentException">There is no such input, or there are several and none is named.</exception>
    /// <exception cref="NotSupportedException">Rows of one column cannot feed the model.</exception>
    public OnnxTensorInfo FindInput(string? name) => OnnxRoles.FindInput(FileName, _session.Session.Signature, name);

    /// <summary>The output that becomes a column: the named one, "Score", the first, or the only one that can.</summary>
    /// <exception cref="ArgumentException">There is no such output.</exception>
    /// <exception cref="NotSupportedException">The output cannot become a column.</exception>
    public OnnxTensorInfo FindOutput(string? name) => OnnxRoles.FindOutput(FileName, _session.Session.Signature, name);

    /// <summary>The exception for a failure of ONNX Runtime: scoring was cancelled, or <paramref name="what"/> failed.</summary>
    public Exception Explain(OnnxRunException failure, string what) =>
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
