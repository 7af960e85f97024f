using System.Diagnostics.CodeAnalysis;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Runtime;
using NoisyNN.Transforms.Images;
using NoisyNN.Transforms.Onnx.Inputs;
using NoisyNN.Transforms.Onnx.Isolation;
using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Transforms.Onnx.Scoring;

/// <summary>
/// Scores rows with an ONNX model in batches: one run of ONNX Runtime per block of rows. Rows keep their order, and other columns pass
/// through.
/// </summary>
/// <remarks>
/// The model is checked and loaded when you create the estimator. So a wrong file or name is an error before any data is read. There is
/// nothing to fit: every <see cref="Fit"/> returns the same transformer, which owns the model.
/// </remarks>
[SuppressMessage(
    "Design",
    "CA1001",
    Justification = "Estimators are not disposable in ML.NET; the transformer that Fit hands out owns the model."
)]
public sealed class OnnxBatchEstimator : IEstimator<OnnxBatchTransformer>
{
    /// <summary>The model, its columns, and how to run it.</summary>
    public sealed class Options
    {
        /// <summary>The column to make: <c>Vector&lt;Single&gt;</c> with the shape of one row of the output.</summary>
        public string OutputColumnName = "Score";

        /// <summary>
        /// The column to feed: a known-size <c>Vector&lt;Single&gt;</c> or <c>Vector&lt;Byte&gt;</c> that fits the model's input, or images
        /// of its size. A model of doubles also takes <c>Vector&lt;Double&gt;</c>.
        /// </summary>
        public string InputColumnName = "Pixels";

        /// <summary>Path of the ONNX file.</summary>
        public string ModelFile = "";

        /// <summary>
        /// The model's output to read, such as an embedding; null for "Score" or, if there is none, the only one that can be a column, or
        /// the first.
        /// </summary>
        public string? Output;

        /// <summary>The model's input to feed; null for the only one.</summary>
        public string? Input;

        /// <summary>
        /// Whether the input column holds raw pixels: <c>Vector&lt;Single|Byte, channels, height, width&gt;</c>, red, green, blue, 0 to
        /// 255,
        /// as <c>ml.Images.Load</c> makes them. They become what the model takes: its order of channels, range and layout. Without it, a
        /// column of numbers feeds the model unchanged.
        /// </summary>
        public bool RawPixels;

        /// <summary>
        /// What the model takes, for images and for <see cref="RawPixels"/>; null for what it states in its metadata.
        /// </summary>
        public PixelEncoding? PixelEncoding;

        /// <summary>The key column that is added if the model carries labels and the output is a score per label.</summary>
        public string PredictedLabelColumnName = "PredictedLabel";

        /// <summary>
        /// Rows per run; null lets a warm-up of about a second choose if there are many rows. A model of fixed batch size overrides it.
        /// </summary>
        public int? BatchSize;

        /// <summary>
        /// Runs at a time; null lets the warm-up choose. Each holds a batch of rows in memory, and two more batches are read or replayed.
        /// </summary>
        public int? ParallelRuns;

        /// <summary>The CUDA device; null for the context's <see cref="MLContext.GpuDeviceId"/>, and the CPU if that is null too.</summary>
        public int? GpuDeviceId;

        /// <summary>
        /// Whether to use the CPU if CUDA is not available; null for the context's <see cref="MLContext.FallbackToCpu"/>.
        /// </summary>
        public bool? FallbackToCpu;

        /// <summary>
        /// Threads inside an operator; null lets the warm-up choose between few runs of many threads and many runs of one.
        /// </summary>
        public int? IntraOpNumThreads;

        /// <summary>
        /// Runs the model in a process of its own, within limits on memory and time; null, the default, runs it in this process. A file
        /// from a stranger can crash the process that runs it, however small and well-formed it is.
        /// </summary>
        public ModelIsolation? Isolation;

        /// <summary>
        /// Ends runs that are under way, however long they would take. The reader of scores then gets an
        /// <see cref="OperationCanceledException"/>.
        /// </summary>
        public CancellationToken Cancellation;
    }

    readonly MLContext _context;
    readonly OnnxBatchTransformer _transformer;

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not ONNX, is damaged, is refused as unsafe, or ONNX Runtime cannot run
    /// it.</exception>
    /// <exception cref="ArgumentException">The model has no such input or output.</exception>
    /// <exception cref="NotSupportedException">The input or output is of a type that no column has, or the model needs several
    /// inputs.</exception>
    /// <exception cref="InvalidOperationException">You asked for a GPU that is not available.</exception>
    /// <exception cref="ModelProcessException">The process that runs the model ended, or went beyond a limit.</exception>
    public OnnxBatchEstimator(MLContext context, Options options)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.OutputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(options.InputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(options.ModelFile);
        ArgumentException.ThrowIfNullOrEmpty(options.PredictedLabelColumnName);
        ThrowIfBelowOne(options.BatchSize, nameof(options.BatchSize));
        ThrowIfBelowOne(options.ParallelRuns, nameof(options.ParallelRuns));
        ThrowIfBelowOne(options.IntraOpNumThreads, nameof(options.IntraOpNumThreads));

        _context = context;
        var threads =
            options.IntraOpNumThreads ?? (options.ParallelRuns is > 1 and var runs ? Math.Max(1, Environment.ProcessorCount / runs) : null);
        var (sessionOptions, device) = ExecutionDevice.Select(
            options.GpuDeviceId ?? context.GpuDeviceId,
            options.FallbackToCpu ?? context.FallbackToCpu,
            threads,
            Warn
        );
        using (sessionOptions)
        {
            var model = OnnxModel.Load(
                options.ModelFile,
                options.Isolation is { } isolation
                    ? count => new IsolatedSession(
                        options.ModelFile,
                        count ?? threads,
                        GpuOf(options, context, device),
                        isolation,
                        options.Cancellation
                    )
                    : count => OpenHere(options, count, sessionOptions),
                hasThreadChoice: device == ExecutionDevice.Cpu,
                options.Cancellation
            );
            try
            {
                _transformer = new(context, model, options, threads, device, Inform, Warn);
            }
            catch
            {
                model.Dispose();
                throw;
            }
        }
    }

    /// <summary>The shape of one row of the model's input, without the batch; -1 where the model takes any length.</summary>
    public IReadOnlyList<int> InputDimensions => _transformer.InputDimensions;

    /// <summary>Whether the model takes whole numbers, 0 to 255.</summary>
    public bool TakesBytes => _transformer.TakesBytes;

    /// <summary>The images that the model takes; null if its input is none of one or three channels.</summary>
    public ImageInput? ImageInput => Inputs.ImageInput.Of(InputDimensions, TakesBytes);

    /// <summary>The model's metadata, as its author wrote it.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _transformer.Metadata;

    /// <summary>The loaded model; disposing of it frees it.</summary>
    internal Sessions.OnnxModel Model => _transformer.Model;

    /// <summary>Checks the data's columns and returns the transformer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or does not fit the model.</exception>
    public OnnxBatchTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _transformer.GetOutputSchema(input.Schema);
        return _transformer;
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _transformer.GetOutputShape(_context, inputSchema);

    static LocalSession OpenHere(Options options, int? threadCount, SessionOptions chosen)
    {
        if (threadCount is not { } count)
            return LocalSession.Open(options.ModelFile, chosen, options.Cancellation);
        using var own = ExecutionDevice.Options(count);
        return LocalSession.Open(options.ModelFile, own, options.Cancellation);
    }

    static int? GpuOf(Options options, MLContext context, string device) =>
        device == ExecutionDevice.Cpu ? null : options.GpuDeviceId ?? context.GpuDeviceId;

    static void ThrowIfBelowOne(int? value, string name)
    {
        if (value is < 1)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least 1.");
    }

    void Inform(string message)
    {
        using var channel = ((IHostEnvironment)_context).Register(nameof(OnnxBatchEstimator)).Start("Warm-up");
        channel.Info(MessageSensitivity.None, "{0}", message);
    }

    void Warn(string message)
    {
        using var channel = ((IHostEnvironment)_context).Register(nameof(OnnxBatchEstimator)).Start("Model");
        channel.Warning(MessageSensitivity.None, "{0}", message);
    }
}
