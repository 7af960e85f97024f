using NoisyNN.Models.Networks.VisionTransformer;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Models;

/// <summary>A Vision Transformer in plain double-precision loops, written from the definition, to check the network against.</summary>
sealed class ReferenceViT(NoisyViT network)
{
    readonly NoisyViTConfiguration _size = network.Configuration;
    readonly Dictionary<string, float[]> _weights = network
        .state_dict()
        .ToDictionary(entry => entry.Key, entry => entry.Value.detach().contiguous().data<float>().ToArray());

    /// <summary>The logits of one image of raw pixels.</summary>
    public double[] Logits(ReadOnlySpan<float> pixels)
    {
        var tokens = Embed(pixels);
        for (var layer = 0; layer < _size.Depth; layer++)
            tokens = Block(tokens, $"blocks.{layer}.");
        return Linear(Norm(tokens[0], "norm."), "head.");
    }

    double[][] Embed(ReadOnlySpan<float> pixels)
    {
        var (size, patch, grid) = (_size.ImageSize, _size.PatchSize, _size.GridSize);
        var tokens = new double[_size.TokenCount][];
        tokens[0] = [.. _weights["cls_token"].Select(value => (double)value)];
        for (var token = 1; token < tokens.Length; token++)
        {
            var (row, column) = ((token - 1) / grid * patch, (token - 1) % grid * patch);
            var values = new List<double>();
            for (var channel = 0; channel < _size.Channels; channel++)
            for (var y = 0; y < patch; y++)
            for (var x = 0; x < patch; x++)
            {
                var pixel = pixels[(channel * size + row + y) * size + column + x];
                values.Add((pixel / 255.0 - _size.Mean[channel]) / _size.StandardDeviation[channel]);
            }
            tokens[token] = Linear([.. values], "patch_embed.proj.");
        }

        for (var token = 0; token < tokens.Length; token++)
        for (var index = 0; index < _size.Dimension; index++)
            tokens[token][index] += _weights["pos_embed"][token * _size.Dimension + index];
        return tokens;
    }

    double[][] Block(double[][] tokens, string prefix)
    {
        var attended = Attention([.. tokens.Select(token => Norm(token, prefix + "norm1."))], prefix + "attn.");
        var stream = tokens.Zip(attended, Sum).ToArray();
        return
        [
            .. stream.Select(token =>
                Sum(token, Linear([.. Linear(Norm(token, prefix + "norm2."), prefix + "mlp.fc1.").Select(Gelu)], prefix + "mlp.fc2."))
            ),
        ];
    }

    double[][] Attention(double[][] tokens, string prefix)
    {
        var (dimension, width) = (_size.Dimension, _size.Dimension / _size.Heads);
        var packed = tokens.Select(token => Linear(token, prefix + "qkv.")).ToArray();
        var mixed = tokens.Select(_ => new double[dimension]).ToArray();
        for (var head = 0; head < _size.Heads; head++)
        for (var query = 0; query < tokens.Length; query++)
        {
            var scores = new double[tokens.Length];
            for (var key = 0; key < tokens.Length; key++)
            for (var index = 0; index < width; index++)
                scores[key] += packed[query][head * width + index] * packed[key][dimension + head * width + index] / Math.Sqrt(width);
            var sum = scores.Sum(Math.Exp);
            for (var key = 0; key < tokens.Length; key++)
            for (var index = 0; index < width; index++)
                mixed[query][head * width + index] += Math.Exp(scores[key]) / sum * packed[key][2 * dimension + head * width + index];
        }
        return [.. mixed.Select(token => Linear(token, prefix + "proj."))];
    }

    double[] Norm(double[] token, string prefix)
    {
        var mean = token.Average();
        var deviation = Math.Sqrt(token.Average(value => (value - mean) * (value - mean)) + 1e-6);
        return
        [
            .. token.Select(
                (value, index) => (value - mean) / deviation * _weights[prefix + "weight"][index] + _weights[prefix + "bias"][index]
            ),
        ];
    }

    double[] Linear(double[] input, string prefix)
    {
        var (weight, bias) = (_weights[prefix + "weight"], _weights[prefix + "bias"]);
        return
        [
            .. bias.Select((offset, row) => offset + input.Select((value, column) => value * weight[row * input.Length + column]).Sum()),
        ];
    }

    static double[] Sum(double[] left, double[] right) => [.. left.Zip(right, (a, b) => a + b)];

    /// <summary>x·Φ(x), the normal distribution function by Simpson's rule.</summary>
    static double Gelu(double x)
    {
        const int Intervals = 400;
        var step = x / Intervals;
        var area = Density(0) + Density(x);
        for (var index = 1; index < Intervals; index++)
            area += (index % 2 == 1 ? 4 : 2) * Density(index * step);
        return x * (0.5 + area * step / 3);

        static double Density(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
    }
}
