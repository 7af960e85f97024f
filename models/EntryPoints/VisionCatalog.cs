using Microsoft.ML;
using NoisyNN.Models.Networks.AllConvolutional;
using NoisyNN.Models.Networks.Autoencoder;
using NoisyNN.Models.Networks.Hosted;
using NoisyNN.Models.Networks.Probe;
using NoisyNN.Models.Networks.ResNet;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Trainers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN;

/// <summary>
/// Adds the vision trainers to <see cref="MLContext"/>, because ML.NET's own catalogs hide their environment from other assemblies.
/// </summary>
public static class VisionCatalogExtensions
{
    extension(MLContext context)
    {
        /// <summary>Trainers of networks on images, and operations on a trained network.</summary>
        public VisionCatalog Vision => new(context);
    }
}

/// <summary>Trainers of networks on images, and operations on a trained network: <c>ml.Vision</c>.</summary>
public sealed partial class VisionCatalog(MLContext context)
{
    /// <summary>A Vision Transformer with a place for noise between its layers.</summary>
    public NoisyViTTrainer NoisyViT(NoisyViTTrainer.Options options) => new(context, options);

    /// <summary>A residual network with places for noise before and after its blocks.</summary>
    public NoisyResNetTrainer NoisyResNet(NoisyResNetTrainer.Options options) => new(context, options);

    /// <summary>An all-convolutional network with Information Dropout.</summary>
    public AllCnnTrainer AllCnn(AllCnnTrainer.Options options) => new(context, options);

    /// <summary>A linear probe or a small perceptron, with noise, on a column of vectors.</summary>
    public NoisyClassifierTrainer NoisyClassifier(NoisyClassifierTrainer.Options options) => new(context, options);

    /// <summary>A variational autoencoder with the posterior of Information Dropout or the Gaussian one.</summary>
    public InformationVaeTrainer InformationVae(InformationVaeTrainer.Options options) => new(context, options);

    /// <summary>Any network, by its sizes: a network of this library or one of your own.</summary>
    public NetworkTrainer Trainer(NetworkTrainer.Options options) => new(context, options);

    /// <summary>A TorchSharp module of your own, with places for noise before and after its submodules.</summary>
    /// <param name="moduleFactory">Creates the module for a number of classes. The module maps normalised pixels [N, C, H, W] to logits [N,
    /// classes].</param>
    /// <param name="options">The images, the training, and the noise.</param>
    public ModuleTrainer Trainer(Func<int, Module<Tensor, Tensor>> moduleFactory, ModuleTrainer.Options options) =>
        new(context, moduleFactory, options);

    /// <summary>A small ResNet-18 for the images of the column. The overload with options sets everything else.</summary>
    /// <param name="labelColumnName">A key column with key values.</param>
    /// <param name="featureColumnName">Raw pixels, 0..255, a <c>Vector&lt;Single, C, H, W&gt;</c> of square images.</param>
    /// <param name="maxEpoch">Passes over the training rows.</param>
    /// <param name="validationSet">Rows that choose the model.</param>
    public NoisyResNetTrainer NoisyResNet(
        string labelColumnName = "Label",
        string featureColumnName = "Pixels",
        int maxEpoch = 10,
        IDataView? validationSet = null
    ) =>
        new(
            context,
            new NoisyResNetTrainer.Options
            {
                Network = new() { Width = 16 },
                LabelColumnName = labelColumnName,
                FeatureColumnName = featureColumnName,
                MaxEpoch = maxEpoch,
                ValidationSet = validationSet,
            }
        );

    /// <summary>A micro Vision Transformer for the images of the column. The overload with options sets everything else.</summary>
    /// <param name="labelColumnName">A key column with key values.</param>
    /// <param name="featureColumnName">Raw pixels, 0..255, a <c>Vector&lt;Single, C, H, W&gt;</c> of square images.</param>
    /// <param name="maxEpoch">Passes over the training rows.</param>
    /// <param name="validationSet">Rows that choose the model.</param>
    public NoisyViTTrainer NoisyViT(
        string labelColumnName = "Label",
        string featureColumnName = "Pixels",
        int maxEpoch = 10,
        IDataView? validationSet = null
    ) =>
        new(
            context,
            new NoisyViTTrainer.Options
            {
                LabelColumnName = labelColumnName,
                FeatureColumnName = featureColumnName,
                MaxEpoch = maxEpoch,
                ValidationSet = validationSet,
            }
        );
}
