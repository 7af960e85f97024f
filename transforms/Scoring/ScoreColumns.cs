using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Scoring;

/// <summary>The columns of a multiclass prediction, annotated as ML.NET's own trainers annotate them.</summary>
public static class ScoreColumns
{
    /// <summary>Class probabilities: a known-size vector with one slot per label, named by the labels.</summary>
    public static DataViewSchema.DetachedColumn Score(string name, IReadOnlyList<string> labels)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        AddTexts(annotations, "SlotNames", labels);
        AddTexts(annotations, "TrainingLabelValues", labels);
        AddText(annotations, "ScoreColumnKind", "MulticlassClassification");
        AddText(annotations, "ScoreValueKind", "Score");
        return new(name, new VectorDataViewType(NumberDataViewType.Single, labels.Count), annotations.ToAnnotations());
    }

    /// <summary>The predicted class: a key whose values are the labels, so that <c>MapKeyToValue</c> gives them back.</summary>
    public static DataViewSchema.DetachedColumn PredictedLabel(string name, IReadOnlyList<string> labels)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        AddTexts(annotations, "KeyValues", labels);
        AddText(annotations, "ScoreColumnKind", "MulticlassClassification");
        AddText(annotations, "ScoreValueKind", "PredictedLabel");
        return new(name, new KeyDataViewType(typeof(uint), labels.Count), annotations.ToAnnotations());
    }

    /// <summary>
    /// The key of the largest score, counted from 1 as in every ML.NET key column; the first of equal ones. 0, "missing", if a score is not a number.
    /// </summary>
    public static uint PredictedKey(ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var label = 0; label < scores.Length; label++)
        {
            if (float.IsNaN(scores[label]))
                return 0;
            if (scores[label] > scores[best])
                best = label;
        }
        return (uint)best + 1;
    }

    private static void AddText(DataViewSchema.Annotations.Builder annotations, string kind, string text) =>
        annotations.Add<ReadOnlyMemory<char>>(kind, TextDataViewType.Instance, (ref value) => value = text.AsMemory());

    private static void AddTexts(DataViewSchema.Annotations.Builder annotations, string kind, IReadOnlyList<string> texts)
    {
        var values = texts.Select(text => text.AsMemory()).ToArray();
        annotations.Add<VBuffer<ReadOnlyMemory<char>>>(kind, new VectorDataViewType(TextDataViewType.Instance, values.Length),
            (ref value) => VBuffer<ReadOnlyMemory<char>>.Copy(values, 0, ref value, values.Length));
    }
}
