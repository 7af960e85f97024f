using System.Globalization;
using System.Text.RegularExpressions;

namespace NoisyNN.Models.Weights;

/// <summary>What the names in a file say about the network that it is from, for messages.</summary>
static partial class WeightOrigin
{
    // The first one counts: what is special comes before what is common.
    static readonly (Regex Name, string Network)[] s_signs =
    [
        (GatedMlp(), "a vision transformer with gated blocks (SwiGLU), such as EVA-02 or DINOv2 giant"),
        (LayerScale(), "a vision transformer with LayerScale, such as DINOv2, DeiT III or CaiT"),
        (RelativePositions(), "a transformer with relative positions, such as BEiT or Swin"),
        (DistillationToken(), "a distilled vision transformer (DeiT), which has a second token and head"),
        (MeanPooling(), "a vision transformer that averages its tokens, such as MAE's classifiers"),
        (Clip(), "the image encoder of CLIP or SigLIP"),
        (TorchvisionTransformer(), "torchvision's vision transformer"),
        (ConvNext(), "ConvNeXt"),
        (SqueezeAndExcitation(), "a ResNet with squeeze and excitation"),
        (Bottleneck(), "a ResNet with bottlenecks (50 layers or more)"),
        (ResNet(), "a ResNet with basic blocks (18 or 34 layers)"),
        (Timm(), "a vision transformer with timm's names"),
        (HuggingFace(), "a vision transformer with Hugging Face's names"),
    ];

    /// <summary>A sentence such as "It looks like a vision transformer with timm's names, of 12 blocks. "; empty if unknown.</summary>
    public static string Describe(IReadOnlyCollection<string> names)
    {
        var network = s_signs.FirstOrDefault(sign => names.Any(sign.Name.IsMatch)).Network;
        if (network is null)
            return "";
        var blocks = names.Select(name => BlockNumber().Match(name).Groups[1].Value).Where(number => number.Length > 0).Distinct().Count();
        return string.Create(CultureInfo.InvariantCulture, $"It looks like {network}{(blocks > 0 ? $", of {blocks} blocks" : "")}. ");
    }

    [GeneratedRegex(@"(^|\.)mlp\.(fc1_g|w12|w3|weights_in|gate_proj)\.")]
    private static partial Regex GatedMlp();

    [GeneratedRegex(@"\.(ls1\.gamma|layer_scale1\.lambda1|gamma_1)$")]
    private static partial Regex LayerScale();

    [GeneratedRegex(@"relative_position_bias_table$|^beit\.")]
    private static partial Regex RelativePositions();

    [GeneratedRegex(@"(^|\.)(dist_token|distillation_token)$|(^|\.)head_dist\.")]
    private static partial Regex DistillationToken();

    [GeneratedRegex(@"(^|\.)fc_norm\.")]
    private static partial Regex MeanPooling();

    [GeneratedRegex(@"vision_model\.encoder\.|visual\.transformer\.resblocks\.")]
    private static partial Regex Clip();

    [GeneratedRegex(@"encoder\.layers\.encoder_layer_\d")]
    private static partial Regex TorchvisionTransformer();

    [GeneratedRegex(@"\.(dwconv|conv_dw)\.weight$")]
    private static partial Regex ConvNext();

    [GeneratedRegex(@"layer\d\.\d+\.se\.")]
    private static partial Regex SqueezeAndExcitation();

    [GeneratedRegex(@"layer\d\.\d+\.conv3\.weight$")]
    private static partial Regex Bottleneck();

    [GeneratedRegex(@"layer\d\.\d+\.conv2\.weight$")]
    private static partial Regex ResNet();

    [GeneratedRegex(@"(^|\.)blocks\.\d+\.attn\.qkv\.weight$")]
    private static partial Regex Timm();

    [GeneratedRegex(@"encoder\.layer\.\d+\.attention\.attention\.query\.weight$")]
    private static partial Regex HuggingFace();

    [GeneratedRegex(@"(?:^|\.)(?:blocks|encoder\.layer|resblocks|encoder\.layers)\.(?:encoder_layer_)?(\d+)\.")]
    private static partial Regex BlockNumber();
}
