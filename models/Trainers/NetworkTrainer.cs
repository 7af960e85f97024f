using Microsoft.ML;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Training;

namespace NoisyNN.Models.Trainers;

/// <summary>
/// Trains any network from its sizes: one of this library or one of your own. The model appends <c>Score</c>, a vector of class
/// probabilities, and <c>PredictedLabel</c>, a key.
/// </summary>
/// <param name="context">The device is the GPU that <see cref="MLContext.GpuDeviceId"/> names, otherwise the CPU; progress goes to
/// <see cref="MLContext.Log"/>.</param>
/// <param name="options">Read anew at every <see cref="ClassifierTrainer.Fit(IDataView)"/>.</param>
public sealed class NetworkTrainer(MLContext context, NetworkTrainer.Options options) : ClassifierTrainer(context, options)
{
    /// <summary>Options of <see cref="NetworkTrainer"/>.</summary>
    /// <param name="network">The network's sizes; its number of classes comes from the label column where it is 0.</param>
    public sealed class Options(ClassifierConfiguration network) : ClassifierOptions
    {
        /// <summary>The network's sizes; its number of classes comes from the label column where it is 0.</summary>
        public ClassifierConfiguration Network = network;

        internal override ClassifierConfiguration Configuration => Network;
    }
}
