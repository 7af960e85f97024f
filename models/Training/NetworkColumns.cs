using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Models.Training;

/// <summary>The columns that a trained classifier appends: ML.NET's <c>Score</c> and <c>PredictedLabel</c> with their annotations.</summary>
static class NetworkColumns
{
    public static DataViewSchema.DetachedColumn[] Create(TrainingOptions options, KeyColumn label) =>
    [
        new(options.ScoreColumnName, new VectorDataViewType(NumberDataViewType.Single, label.Count), ScoreAnnotations(label)),
        new(options.PredictedLabelColumnName, new KeyDataViewType(typeof(uint), label.Count), PredictedLabelAnnotations(label)),
    ];

    static DataViewSchema.Annotations ScoreAnnotations(KeyColumn label)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        var names = label.Labels.Select(name => name.AsMemory()).ToArray();
        builder.Add<VBuffer<ReadOnlyMemory<char>>>("SlotNames", new VectorDataViewType(TextDataViewType.Instance, names.Length),
            (ref VBuffer<ReadOnlyMemory<char>> value) => new VBuffer<ReadOnlyMemory<char>>(names.Length, names).CopyTo(ref value));
        AddKind(builder);
        return builder.ToAnnotations();
    }

    static DataViewSchema.Annotations PredictedLabelAnnotations(KeyColumn label)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(label.KeyValues, _ => true);
        AddKind(builder);
        return builder.ToAnnotations();
    }

    static void AddKind(DataViewSchema.Annotations.Builder builder)
    {
        builder.AddPrimitiveValue("ScoreColumnKind", TextDataViewType.Instance, "MulticlassClassification".AsMemory());
        builder.AddPrimitiveValue("ScoreValueKind", TextDataViewType.Instance, "Score".AsMemory());
    }
}
