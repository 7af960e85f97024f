using Microsoft.ML;
using NoisyNN.Transforms.Onnx.Auditing;
using NoisyNN.Transforms.Onnx.Scoring;

namespace NoisyNN;

/// <summary>Judges finished models: <c>ml.Evaluation</c>.</summary>
public sealed class EvaluationCatalog
{
    readonly MLContext _context;

    internal EvaluationCatalog(MLContext context) => _context = context;

    /// <summary>
    /// Asks whether labels leak between the rows of a batch of an ONNX classifier. The rows run alone, in class-sorted order and in shuffled
    /// orders, at several batch sizes.
    /// </summary>
    /// <param name="data">Labelled rows. Rows that the model was not trained on say more.</param>
    /// <param name="model">The model, the column that feeds it, and whether it runs in a process of its own. The output must be one score for
    /// each class.</param>
    /// <param name="labelColumnName">The classes: text, or keys with names. They are matched with the labels that the model carries. If it
    /// carries none, its scores are taken for the classes in alphabetical order.</param>
    /// <param name="options">Batch sizes, orders and rows; null for the defaults.</param>
    /// <exception cref="ArgumentException">A column or tensor is missing, or of another type.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not a safe ONNX file, the labels are not its own, or there are too few
    /// rows.</exception>
    /// <exception cref="InvalidOperationException">A run failed, or a score is not finite.</exception>
    /// <example><code>
    /// var audit = ml.Evaluation.Audit(test, new() { ModelFile = "model.onnx", InputColumnName = "Pixels" });
    /// Console.WriteLine(audit);
    /// </code></example>
    public ModelAudit Audit(
        IDataView data,
        OnnxBatchEstimator.Options model,
        string labelColumnName = "Label",
        AuditOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(model);
        return new Auditor(_context, model, options ?? new()).Audit(data, labelColumnName);
    }
}

/// <summary>Adds <see cref="EvaluationCatalog"/> to <see cref="MLContext"/>.</summary>
public static class EvaluationExtensions
{
    extension(MLContext context)
    {
        /// <summary>Judges finished models.</summary>
        public EvaluationCatalog Evaluation => new(context);
    }
}
