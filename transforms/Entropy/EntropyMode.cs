namespace NoisyNN.Transforms.Entropy;

/// <summary>
/// The distribution whose entropy is measured. The names are those of the reference package <c>dse-dsmi</c> if it has one.
/// </summary>
public enum EntropyMode
{
    /// <summary>Diffusion spectral entropy: the eigenvalues of the diffusion matrix, to the power t. From 0 to log₂ N bits.</summary>
    Spectral,

    /// <summary>The N² entries of the row-normalised diffusion matrix. Up to 2 log₂ N bits.</summary>
    MatrixEntry,

    /// <summary>The eigenvalues of the Gaussian affinities, not normalised by density.</summary>
    Adjacency,

    /// <summary>The eigenvalues of the affinities normalised by density: the same as <see cref="Spectral"/> at power 1.</summary>
    AnisotropicAdjacency,

    /// <summary>
    /// The absolute values of the eigenvalues, complex in general, of the directed graph of k nearest neighbours.
    /// </summary>
    NeighborAdjacency,

    /// <summary>
    /// Shannon's entropy of rows in equal-width bins of every dimension. It saturates at log₂ N in more than a few dimensions.
    /// </summary>
    ClassicShannon,
}
