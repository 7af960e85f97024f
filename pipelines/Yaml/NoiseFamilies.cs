using System.Reflection;
using NoisyNN.Transforms.Noise;
using NoisyNN.Transforms.Noise.Gaussian;
using NoisyNN.Transforms.Noise.Laplace;
using NoisyNN.Transforms.Noise.LinearTransform;
using NoisyNN.Transforms.Noise.Poisson;
using NoisyNN.Transforms.Noise.SaltAndPepper;
using NoisyNN.Transforms.Noise.Severity;
using NoisyNN.Transforms.Noise.Speckle;
using NoisyNN.Transforms.Noise.Uniform;

namespace NoisyNN.Pipelines.Yaml;

/// <summary>
/// The noise families that an experiment file can name: records, whose parameters are the keys, and ImageNet-C's severities, which make
/// such records.
/// </summary>
public static class NoiseFamilies
{
    static readonly (string Name, MethodBase Maker)[] Known =
    [
        .. new (string Name, Type Record)[]
        {
            ("gaussian", typeof(GaussianNoise)),
            ("uniform", typeof(UniformNoise)),
            ("laplace", typeof(LaplaceNoise)),
            ("speckle", typeof(SpeckleNoise)),
            ("poisson", typeof(PoissonNoise)),
            ("salt-and-pepper", typeof(SaltAndPepperNoise)),
            ("circular-shift", typeof(CircularShiftNoise)),
            ("optimal-mixing", typeof(OptimalMixingNoise)),
            ("quality-matrix", typeof(QualityMatrixNoise)),
        }.Select(family => (family.Name, (MethodBase)RecordSchema.Constructor(family.Record))),
        .. new (string Name, Func<int, NoiseDefinition> Make)[]
        {
            ("imagenet-c-gaussian", ImageNetC.Gaussian),
            ("imagenet-c-shot", ImageNetC.Shot),
            ("imagenet-c-impulse", ImageNetC.Impulse),
            ("imagenet-c-speckle", ImageNetC.Speckle),
        }.Select(vocabulary => (vocabulary.Name, (MethodBase)vocabulary.Make.Method)),
    ];

    /// <summary>The names, as they are written after <c>family:</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(family => family.Name)];

    /// <summary>What makes a noise of that name; its parameters are the keys. Null when no family has the name.</summary>
    public static MethodBase? Find(string name) => Known.FirstOrDefault(family => family.Name == name).Maker;
}
