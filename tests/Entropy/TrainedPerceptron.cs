using NoisyNN.Transforms.Entropy;
using TorchSharp.Modules;
using static NoisyNN.Tests.Entropy.Reference;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Entropy;

/// <summary>
/// A perceptron of two hidden layers that has learned which pairs of its inputs have equal signs. That is no linear function of them, so
/// its features are learned: they lie in clusters that the input does not have, rectified and correlated.
/// </summary>
static class TrainedPerceptron
{
    const int Inputs = 6,
        Classes = 4,
        Steps = 120;

    /// <summary>The second hidden layer of rows that it was not trained on, and the share of these that it classifies right.</summary>
    public static (FeatureMatrix Features, double Accuracy) Embed(int rows, int dimension, int seed)
    {
        using var scope = NewDisposeScope();
        var (training, others) = (Draw(rows, seed), Draw(rows, seed + 1));
        Parameter[] weights =
        [
            Weights(Inputs, 2 * dimension, seed + 2),
            Weights(2 * dimension, dimension, seed + 3),
            Weights(dimension, Classes, seed + 4),
        ];
        using var optimizer = optim.AdamW(weights, lr: 0.02);
        for (var step = 0; step < Steps; step++)
        {
            optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(Hidden(training.Inputs).matmul(weights[2]), training.Labels);
            loss.backward();
            optimizer.step();
        }
        using var _ = no_grad();
        var features = Hidden(others.Inputs);
        var accuracy = features.matmul(weights[2]).argmax(1).eq(others.Labels).to_type(ScalarType.Float64).mean().item<double>();
        return (new([.. features.data<float>().ToArray().Select(value => (double)value)], dimension), accuracy);

        Tensor Hidden(Tensor inputs) => nn.functional.relu(nn.functional.relu(inputs.matmul(weights[0])).matmul(weights[1]));
    }

    static (Tensor Inputs, Tensor Labels) Draw(int rows, int seed)
    {
        var inputs = Normal(rows, Inputs, seed);
        var labels = Enumerable
            .Range(0, rows)
            .Select(row => (inputs[row][0] * inputs[row][1] > 0 ? 1L : 0) + (inputs[row][2] * inputs[row][3] > 0 ? 2 : 0))
            .ToArray();
        return (tensor(inputs.Values).reshape(rows, Inputs).to_type(ScalarType.Float32), tensor(labels));
    }

    static Parameter Weights(int from, int to, int seed) =>
        new(
            tensor(Normal(from, to, seed).Values).reshape(from, to).mul(Math.Sqrt(2.0 / from)).to_type(ScalarType.Float32),
            requires_grad: true
        );
}
