using Microsoft.ML;
using NoisyNN.Models.Trainers;
using NoisyNN.Models.Training;

namespace NoisyNN.Models.Networks.AllConvolutional;

/// <summary>
/// Trains an <see cref="AllCnn"/> with Information Dropout on a pixel column. The loss is the cross entropy plus the price of the
/// information that each noise layer lets through, which is reported layer by layer; before each evaluation the normalisations are
/// estimated anew without noise.
/// </summary>
/// <param name="context">The device is the GPU that <see cref="MLContext.GpuDeviceId"/> names, otherwise the CPU; progress goes to
/// <see cref="MLContext.Log"/>.</param>
/// <param name="options">Read anew at every <see cref="ClassifierTrainer.Fit(IDataView)"/>.</param>
public sealed class AllCnnTrainer(MLContext context, AllCnnTrainer.Options options) : ClassifierTrainer(context, options)
{
    /// <summary>Options of <see cref="AllCnnTrainer"/>.</summary>
    public sealed class Options : ClassifierOptions
    {
        /// <summary>The network's sizes and its noise; its number of classes comes from the label column where it is 0.</summary>
        public AllCnnConfiguration Network = new();

        internal override ClassifierConfiguration Configuration => Network;
    }
}
