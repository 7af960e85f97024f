using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using NoisyNN.Models.Rows;

namespace NoisyNN.Models.Prediction;

/// <summary>
/// From a one-hot vector to the key of its class. No transform of ML.NET takes an element out of a vector, but a classifier's
/// <c>PredictedLabel</c> is one key with the key values of its training label. So the part that a model file holds is a logistic
/// regression that was fitted on the one-hot vectors themselves.
/// </summary>
static class ClassKeys
{
    /// <summary>The columns that ML.NET's classifiers append; it has no option for other names.</summary>
    public const string ScoreName = "Score",
        KeyName = "PredictedLabel";

    /// <param name="context">The context that fits.</param>
    /// <param name="columnName">The column of one-hot vectors.</param>
    /// <param name="label">The key to give.</param>
    public static ITransformer Fit(MLContext context, string columnName, KeyColumn label)
    {
        var rows = OneHotRows(context, columnName, label);
        var model = context
            .MulticlassClassification.Trainers.LbfgsMaximumEntropy(
                new LbfgsMaximumEntropyMulticlassTrainer.Options
                {
                    LabelColumnName = nameof(OneHot.Label),
                    FeatureColumnName = columnName,
                    // An L1 penalty of 1, the default, would leave no weight.
                    L1Regularization = 0,
                    L2Regularization = 0.01f,
                    MaximumNumberOfIterations = 20,
                    // Each step remembered takes twice C x C numbers.
                    HistorySize = 2,
                    NumberOfThreads = 1,
                }
            )
            .Fit(rows);
        // 0 is a missing key.
        var keys = Enumerable.Range(1, label.Count).Select(key => (uint)key);
        return model.Transform(rows).GetColumn<uint>(KeyName).SequenceEqual(keys)
            ? model
            : throw new InvalidOperationException($"ML.NET's classifier does not tell the {label.Count} classes of '{label.Name}' apart.");
    }

    static IDataView OneHotRows(MLContext context, string columnName, KeyColumn label)
    {
        var definition = SchemaDefinition.Create(typeof(OneHot));
        // Taken once: a column is found by its present name.
        var (values, key) = (definition[nameof(OneHot.Values)], definition[nameof(OneHot.Label)]);
        (values.ColumnName, values.ColumnType) = (columnName, new VectorDataViewType(NumberDataViewType.Single, label.Count));
        key.ColumnType = new KeyDataViewType(typeof(uint), label.Count);
        label.AnnotateKeyValues(key);
        return context.Data.LoadFromEnumerable(
            Enumerable
                .Range(0, label.Count)
                .Select(index => new OneHot { Values = new(label.Count, 1, [1], [index]), Label = (uint)index })
                .ToArray(),
            definition
        );
    }

    sealed class OneHot
    {
        public VBuffer<float> Values { get; set; }

        /// <summary>Counted from 0 in rows of objects.</summary>
        public uint Label { get; set; }
    }
}
