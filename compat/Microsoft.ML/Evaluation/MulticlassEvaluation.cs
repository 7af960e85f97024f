using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>Sums up scores and labels of a view in one pass.</summary>
internal sealed class MulticlassEvaluation
{
    private const float SmallestProbability = 1e-15f;
    private readonly int _classes;
    private readonly double[][] _counts;
    private readonly double[] _rowsOfClass;
    private readonly double[] _logLossOfClass;
    private readonly double[] _rowsOfRank;
    private double _rows;
    private double _logLoss;

    private MulticlassEvaluation(int classes)
    {
        _classes = classes;
        _counts = [.. Enumerable.Range(0, classes).Select(_ => new double[classes])];
        _rowsOfClass = new double[classes];
        _logLossOfClass = new double[classes];
        _rowsOfRank = new double[classes + 1];
    }

    public static MulticlassClassificationMetrics Evaluate(IDataView data, string labelColumnName, string scoreColumnName, int topK)
    {
        var label = data.Schema.Require(labelColumnName, "label", "schema");
        if (label.Type != NumberDataViewType.Single && label.Type is not KeyDataViewType)
            throw SchemaMismatch.WrongType("schema", "label", labelColumnName, "Single or Key", label.Type.ToString());
        var score = data.Schema.Require(scoreColumnName, "score", "schema");
        if (score.Type is not VectorDataViewType { Size: >= 2 } vector || vector.ItemType != NumberDataViewType.Single)
            throw SchemaMismatch.WrongType("schema", "score", scoreColumnName, "vector of two or more items of type Single",
                score.Type.ToString());

        if (topK > vector.Size + 1)
            throw new ArgumentOutOfRangeException("topKPredictionCount", $"There are only {vector.Size} classes.");

        var evaluation = new MulticlassEvaluation(vector.Size);
        using (var cursor = data.GetRowCursor([label, score]))
        {
            var getLabel = LabelGetter(cursor, cursor.Schema[label.Index]);
            var getScores = cursor.GetGetter<VBuffer<float>>(cursor.Schema[score.Index]);
            VBuffer<float> buffer = default;
            var scores = new float[vector.Size];
            while (cursor.MoveNext())
            {
                var value = getLabel();
                // Rows without a label, and those whose label is no class number, do not count.
                if (!(value >= 0) || value != (int)value)
                    continue;
                getScores(ref buffer);
                buffer.CopyTo(scores);
                if (scores.All(float.IsFinite))
                    evaluation.Add((int)value, scores);
            }
        }
        return evaluation.ToMetrics(NamesOf(score, vector.Size), topK);
    }

    private static Func<double> LabelGetter(DataViewRow row, DataViewSchema.Column label)
    {
        if (label.Type is KeyDataViewType)
            return (Func<double>)GenericDispatch.Invoke(KeyLabelGetter<uint>, label.Type.RawType, row, label);
        var get = row.GetGetter<float>(label);
        var value = 0f;
        return () =>
        {
            get(ref value);
            return value;
        };
    }

    // Class numbers count from 0, keys from 1; the missing key becomes -1.
    private static Func<double> KeyLabelGetter<T>(DataViewRow row, DataViewSchema.Column label) where T : INumber<T>
    {
        var get = row.GetGetter<T>(label);
        T value = default;
        return () =>
        {
            get(ref value);
            return double.CreateTruncating(value) - 1;
        };
    }

    private static List<string> NamesOf(DataViewSchema.Column score, int classes)
    {
        if (!score.HasSlotNames())
            return [.. Enumerable.Range(0, classes).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture))];
        VBuffer<ReadOnlyMemory<char>> names = default;
        score.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    private void Add(int label, float[] scores)
    {
        var known = label < _classes;
        var logLoss = -Math.Log(known ? Math.Min(1, Math.Max(SmallestProbability, scores[label])) : SmallestProbability);
        var ofLabel = known ? scores[label] : 0;
        var rank = 0;
        var assigned = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            // Of equal scores the first wins.
            if (scores[i] > ofLabel || scores[i] == ofLabel && i < label)
                rank++;
            if (scores[i] > scores[assigned])
                assigned = i;
        }
        _rows++;
        _logLoss += logLoss;
        _rowsOfRank[rank]++;
        if (!known)
            return;
        _rowsOfClass[label]++;
        _logLossOfClass[label] += logLoss;
        _counts[label][assigned]++;
    }

    private MulticlassClassificationMetrics ToMetrics(List<string> names, int topK)
    {
        var present = Enumerable.Range(0, _classes).Where(i => _rowsOfClass[i] > 0).ToList();
        var correct = Enumerable.Range(0, _classes).Sum(i => _counts[i][i]);
        var entropy = -present.Sum(i => _rowsOfClass[i] / _rows * Math.Log(_rowsOfClass[i] / _rows));
        var logLoss = _rows > 0 ? _logLoss / _rows : 0;
        return new MulticlassClassificationMetrics
        {
            MicroAccuracy = _rows > 0 ? correct / _rows : 0,
            MacroAccuracy = present.Count > 0 ? present.Average(i => _counts[i][i] / _rowsOfClass[i]) : 0,
            LogLoss = logLoss,
            LogLossReduction = (entropy - logLoss) / entropy,
            PerClassLogLoss = [.. _logLossOfClass.Select((sum, i) => _rowsOfClass[i] > 0 ? sum / _rowsOfClass[i] : 0)],
            TopKPredictionCount = topK,
            TopKAccuracyForAllK = topK > 0 ? [.. Enumerable.Range(1, topK).Select(k => _rowsOfRank.Take(k).Sum() / _rows)] : null,
            ConfusionMatrix = new ConfusionMatrix(_counts, names),
        };
    }
}
