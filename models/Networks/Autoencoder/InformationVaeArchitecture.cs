using NoisyNN.Models.Networks;
using NoisyNN.Models.Networks.Autoencoder;

[assembly: NetworkArchitecture(typeof(InformationVaeArchitecture))]

namespace NoisyNN.Models.Networks.Autoencoder;

/// <summary>The autoencoder in the registry. Its halves have names of their own (<see cref="NamedAutoencoder"/>).</summary>
sealed class InformationVaeArchitecture : NetworkArchitecture<InformationVaeConfiguration>;
