using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Rows;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Networks.Autoencoder;

/// <summary>The pixel rows of a view, read once, without labels.</summary>
sealed class PixelRows
{
    readonly List<float[]> _rows = [];

    public int Count => _rows.Count;

    public static PixelRows Read(IDataView view, string role, InformationVaeTrainer.Options options)
    {
        var network = options.Network;
        var column = LabelledPixels.FindPixels(
            view.Schema,
            options.InputColumnName,
            [network.Channels, network.ImageSize, network.ImageSize]
        );
        var rows = new PixelRows();
        using var cursor = view.GetRowCursor([column]);
        var getter = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> pixels = default;
        while (cursor.MoveNext())
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            getter(ref pixels);
            float[] row = [.. pixels.DenseValues()];
            if (Array.FindIndex(row, pixel => pixel is not (>= 0 and <= 255)) is >= 0 and var wrong)
                throw new InvalidDataException(
                    FormattableString.Invariant(
                        $"Row {cursor.Position} of the {role} view holds {row[wrong]} in '{options.InputColumnName}'; a pixel is a number from 0 to 255. Filter or rescale such rows."
                    )
                );
            rows._rows.Add(row);
        }
        return rows.Count > 0 ? rows : throw new ArgumentException($"The {role} view has no rows.");
    }

    /// <summary>A hash of all values: what a resumed training must find again.</summary>
    public string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in _rows)
            hash.AppendData(MemoryMarshal.AsBytes<float>(row));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>[rows, values]</summary>
    public Tensor Gather(ReadOnlySpan<int> rows)
    {
        var length = _rows[0].Length;
        var batch = empty(rows.Length, length, ScalarType.Float32);
        var values = MemoryMarshal.Cast<byte, float>(batch.bytes);
        for (var index = 0; index < rows.Length; index++)
            _rows[rows[index]].CopyTo(values[(index * length)..]);
        return batch;
    }
}
