using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Benchmarks.Training;

/// <summary>ResNet-18 for 28 x 28 grey images, 64 channels in the first stage, as one writes it with TorchSharp.</summary>
/// <remarks>Fields have the names of torchvision's parameters, which TorchSharp takes from them.</remarks>
sealed class PlainResNet : Module<Tensor, Tensor>
{
    readonly Conv2d conv1 = Conv2d(1, 64, 3, padding: 1, bias: false);
    readonly BatchNorm2d bn1 = BatchNorm2d(64);
    readonly Sequential layer1 = Sequential(new Block(64, 64, 1), new Block(64, 64, 1));
    readonly Sequential layer2 = Sequential(new Block(64, 128, 2), new Block(128, 128, 1));
    readonly Sequential layer3 = Sequential(new Block(128, 256, 2), new Block(256, 256, 1));
    readonly Sequential layer4 = Sequential(new Block(256, 512, 2), new Block(512, 512, 1));
    readonly Linear fc = Linear(512, 10);

    public PlainResNet()
        : base(nameof(PlainResNet)) => RegisterComponents();

    public override Tensor forward(Tensor pixels)
    {
        var maps = functional.relu(bn1.call(conv1.call((pixels / 255 - 0.2860) / 0.3530)));
        maps = layer4.call(layer3.call(layer2.call(layer1.call(maps))));
        return fc.call(maps.mean([2, 3]));
    }

    sealed class Block : Module<Tensor, Tensor>
    {
        readonly Conv2d conv1;
        readonly BatchNorm2d bn1;
        readonly Conv2d conv2;
        readonly BatchNorm2d bn2;
        readonly Sequential? downsample;

        public Block(int inputs, int outputs, int stride)
            : base(nameof(Block))
        {
            conv1 = Conv2d(inputs, outputs, 3, stride: stride, padding: 1, bias: false);
            bn1 = BatchNorm2d(outputs);
            conv2 = Conv2d(outputs, outputs, 3, padding: 1, bias: false);
            bn2 = BatchNorm2d(outputs);
            downsample =
                inputs == outputs ? null : Sequential(Conv2d(inputs, outputs, 1, stride: stride, bias: false), BatchNorm2d(outputs));
            RegisterComponents();
        }

        public override Tensor forward(Tensor maps)
        {
            var branch = functional.relu(bn1.call(conv1.call(maps)));
            branch = bn2.call(conv2.call(branch));
            return functional.relu(branch + (downsample is null ? maps : downsample.call(maps)));
        }
    }
}
