using Microsoft.ML;
using NoisyNN.Models.Trainers;
using NoisyNN.Models.Training;

namespace NoisyNN.Models.Networks.Probe;

/// <summary>
/// Trains a <see cref="NoisyClassifier"/>, a linear probe or a small perceptron, on a column of vectors. Noise on the column
/// (<see cref="ClassifierOptions.InputNoise"/>, in the column's units, drawn anew in every epoch) and inside
/// (<see cref="ClassifierOptions.LatentNoise"/>, in standard deviations) are the trainer's.
/// </summary>
/// <param name="context">The device is the GPU that <see cref="MLContext.GpuDeviceId"/> names, otherwise the CPU; progress goes to
/// <see cref="MLContext.Log"/>.</param>
/// <param name="options">Read anew at every <see cref="ClassifierTrainer.Fit(IDataView)"/>.</param>
public sealed class NoisyClassifierTrainer(MLContext context, NoisyClassifierTrainer.Options options) : ClassifierTrainer(context, options)
{
    /// <summary>Options of <see cref="NoisyClassifierTrainer"/>.</summary>
    public sealed class Options : ClassifierOptions
    {
        /// <summary>Options that read the column <c>Features</c>.</summary>
        public Options() => FeatureColumnName = "Features";

        /// <summary>
        /// The sizes; the number of features comes from the feature column where it is 0, that of classes from the label column.
        /// </summary>
        public NoisyClassifierConfiguration Network = new();

        internal override ClassifierConfiguration Configuration => Network;

        internal override void Validate()
        {
            base.Validate();
            Require(Augmentation is null, nameof(Augmentation), "set", "vectors are no images to crop or flip; set it to null");
        }
    }
}
