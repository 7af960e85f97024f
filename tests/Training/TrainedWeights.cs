using NoisyNN.Models.Prediction;

namespace NoisyNN.Tests.Training;

static class TrainedWeights
{
    /// <summary>All weights of a model, in the order of their names.</summary>
    public static float[] Of(NetworkTransformer model) =>
        [
            .. model
                .Network.state_dict()
                .OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .SelectMany(entry => entry.Value.detach().data<float>().ToArray()),
        ];
}
