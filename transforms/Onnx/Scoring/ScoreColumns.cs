using Microsoft.ML;
using Microsoft.ML.Data;

namespace NoisyNN.Transforms.Onnx.Scoring;

/// <summary>The columns of a multiclass prediction, annotated as ML.NET's own trainers annotate them.</summary>
public static class ScoreColumns
{
    const string KeyValues = "KeyValues";

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

    /// <summary>The predicted class: a key whose values are the labels. <c>MapKeyToValue</c> returns them.</summary>
    public static DataViewSchema.DetachedColumn PredictedLabel(string name, IReadOnlyList<string> labels)
    {
        var keyValues = new DataViewSchema.Annotations.Builder();
        AddTexts(keyValues, KeyValues, labels);
        return PredictedLabel(name, labels.Count, keyValues.ToAnnotations());
    }

    /// <summary>The predicted class, with the <c>KeyValues</c> of the training label, whatever their type.</summary>
    public static DataViewSchema.DetachedColumn PredictedLabel(string name, int count, DataViewSchema.Annotations label)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(label, kind => kind == KeyValues);
        AddText(annotations, "ScoreColumnKind", "MulticlassClassification");
        AddText(annotations, "ScoreValueKind", "PredictedLabel");
        return new(name, new KeyDataViewType(typeof(uint), count), annotations.ToAnnotations());
    }

    /// <summary>
    /// The key of the largest score, counted from 1 as in every ML.NET key column. Of equal scores the first one counts. 0, "missing", if
    /// a score is NaN.
    /// </summary>
    public static uint PredictedKey(ReadOnlySpan<float> scores) => (uint)(IndexOfLargest(scores) + 1);

    /// <summary>
    /// The index of the largest score. Of equal scores the first one counts, as in ML.NET's evaluation. -1 if a score is NaN, or there is
    /// none.
    /// </summary>
    public static int IndexOfLargest(ReadOnlySpan<float> scores)
    {
        var largest = scores.Length - 1;
        for (var index = largest; index >= 0; index--)
        {
            if (float.IsNaN(scores[index]))
                return -1;
            if (scores[index] >= scores[largest])
                largest = index;
        }
        return largest;
    }

    static void AddText(DataViewSchema.Annotations.Builder annotations, string kind, string text) =>
        annotations.Add<ReadOnlyMemory<char>>(kind, TextDataViewType.Instance, (ref value) => value = text.AsMemory());

    static void AddTexts(DataViewSchema.Annotations.Builder annotations, string kind, IReadOnlyList<string> texts)
    {
        var values = texts.Select(text => text.AsMemory()).ToArray();
        annotations.Add<VBuffer<ReadOnlyMemory<char>>>(
            kind,
            new VectorDataViewType(TextDataViewType.Instance, values.Length),
            (ref value) => VBuffer<ReadOnlyMemory<char>>.Copy(values, 0, ref value, values.Length)
        );
    }
}
