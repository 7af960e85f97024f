using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.Autoencoder;
using NoisyNN.Models.Training;

namespace NoisyNN.Pipelines.Yaml.Networks;

/// <summary>The recipe of a training where a file says nothing, which depends on what the network learns.</summary>
static class NetworkRecipe
{
    /// <summary>The recipe of the trainer that the network has in the library.</summary>
    public static TrainingRecipe Of(NetworkConfiguration network) =>
        network is InformationVaeConfiguration ? new InformationVaeTrainer.Options() : new TrainingRecipe();
}
