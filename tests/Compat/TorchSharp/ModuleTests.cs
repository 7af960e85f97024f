using System.Text;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Tests.Compat.Torch;

[TestClass]
public class ModuleTests
{
    private sealed class Network : Module<Tensor, Tensor>
    {
        private readonly Linear first = Linear(3, 4);
        private readonly ModuleList<Linear> layers = ModuleList(Linear(4, 4), Linear(4, 4, hasBias: false));
        private readonly Sequential tail = Sequential(("activation", ReLU()), ("out", Linear(4, 2)));
        private readonly Dropout dropout = Dropout(0.5);
        private readonly Parameter scale = Parameter(ones(1));

        public Network() : base(nameof(Network))
        {
            register_buffer("kept", zeros(2));
            register_buffer("counter", zeros(1, int64));
            register_buffer("passing", zeros(2), persistent: false);
            RegisterComponents();
        }

        public bool DropoutIsTraining => dropout.training;

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = first.call(input);
            foreach (var layer in layers) x = layer.call(x);
            return (tail.call(dropout.call(x)) * scale).MoveToOuterDisposeScope();
        }
    }

    [TestMethod]
    public void The_state_has_the_names_of_the_fields_and_the_persistent_buffers_only()
    {
        using var network = new Network();
        CollectionAssert.AreEquivalent(
            new[] { "scale", "kept", "counter", "first.weight", "first.bias", "layers.0.weight", "layers.0.bias", "layers.1.weight", "tail.out.weight", "tail.out.bias" },
            network.state_dict().Keys.ToArray());
        Assert.AreEqual(8, network.parameters().Count());
        CollectionAssert.AreEqual(new long[] { 4, 3 }, network.get_parameter("first.weight")!.shape);
        CollectionAssert.Contains(network.named_modules().Select(entry => entry.name).ToArray(), "layers.1");
    }

    [TestMethod]
    public void Training_mode_reaches_every_module_below()
    {
        using var network = new Network();
        Assert.IsTrue(network.training);
        network.eval();
        Assert.IsFalse(network.training);
        Assert.IsFalse(network.DropoutIsTraining);
        network.train();
        Assert.IsTrue(network.DropoutIsTraining);
    }

    [TestMethod]
    public void A_file_brings_back_every_value()
    {
        using var scope = NewDisposeScope();
        using Network one = new(), other = new();
        one.eval();
        other.eval();
        var x = randn(5, 3);
        Assert.IsFalse(one.call(x).Equals(other.call(x)));
        using var file = new MemoryStream();
        using (var writer = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true)) one.save(writer);
        file.Position = 0;
        using var reader = new BinaryReader(file);
        other.load(reader);
        Assert.IsTrue(one.call(x).Equals(other.call(x)));
    }

    // The number of entries, then name, type (6 is Float32), rank, sizes, values; whole numbers are unsigned LEB128.
    [TestMethod]
    public void A_file_has_TorchSharps_layout()
    {
        using var file = new MemoryStream();
        using (var writer = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true))
        {
            using var values = tensor(new float[] { 1, 2 }, new long[] { 1, 2 });
            Module.save_state_dict(writer, new Dictionary<string, Tensor> { ["ab"] = values });
        }
        CollectionAssert.AreEqual(new byte[] { 1, 2, (byte)'a', (byte)'b', 6, 2, 1, 2, 0, 0, 0x80, 0x3f, 0, 0, 0, 0x40 }, file.ToArray());
    }

    [TestMethod]
    public void A_file_of_another_network_is_refused()
    {
        using var small = Linear(2, 2);
        using var large = Linear(3, 2);
        using var file = new MemoryStream();
        using (var writer = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true)) small.save(writer);
        file.Position = 0;
        using var reader = new BinaryReader(file);
        Assert.ThrowsExactly<ArgumentException>(() => large.load(reader));
    }

    [TestMethod]
    public void A_state_with_missing_and_unexpected_names_is_refused_unless_asked_otherwise()
    {
        using var layer = Linear(2, 2);
        using var weight = zeros(2, 2);
        var state = new Dictionary<string, Tensor> { ["weight"] = weight, ["other"] = weight };
        Assert.ThrowsExactly<InvalidOperationException>(() => layer.load_state_dict(state));
        var (missing, unexpected) = layer.load_state_dict(state, strict: false);
        CollectionAssert.AreEqual(new[] { "bias" }, missing.ToArray());
        CollectionAssert.AreEqual(new[] { "other" }, unexpected.ToArray());
        Assert.AreEqual(0f, layer.state_dict()["weight"].abs().sum().item<float>());
    }

    [TestMethod]
    public void Registering_a_name_twice_is_an_error()
    {
        using var network = new Network();
        using var another = zeros(1);
        Assert.ThrowsExactly<InvalidOperationException>(() => network.register_buffer("kept", another));
    }

    [TestMethod]
    public void Hooks_see_inputs_and_results_and_may_replace_them_until_they_are_removed()
    {
        using var scope = NewDisposeScope();
        using var identity = Identity();
        var before = identity.register_forward_pre_hook((_, input) => input + 1);
        var after = identity.register_forward_hook((_, _, result) => result * 10);
        Numbers.AreClose([20], identity.call(ones(1)));
        before.remove();
        after.remove();
        Numbers.AreClose([1], identity.call(ones(1)));
    }

    [TestMethod]
    public void A_parameter_takes_its_tensor_over()
    {
        using var scope = NewDisposeScope();
        var data = zeros(2);
        var parameter = Parameter(data);
        Assert.IsTrue(data.IsInvalid);
        Assert.IsTrue(parameter.requires_grad);
        Assert.IsTrue(parameter.is_leaf);
    }

    [TestMethod]
    public void Another_element_type_reaches_parameters_and_floating_point_buffers_and_no_counters()
    {
        using var network = new Network().to(float64);
        Assert.AreEqual(ScalarType.Float64, network.get_parameter("tail.out.weight")!.dtype);
        Assert.AreEqual(ScalarType.Float64, network.get_buffer("kept")!.dtype);
        Assert.AreEqual(ScalarType.Int64, network.get_buffer("counter")!.dtype);
    }

    [TestMethod]
    public void Gradients_are_dropped_together()
    {
        using var scope = NewDisposeScope();
        using var layer = Linear(2, 1);
        layer.call(ones(1, 2)).sum().backward();
        Assert.IsTrue(layer.parameters().All(parameter => parameter.grad is not null));
        layer.zero_grad();
        Assert.IsTrue(layer.parameters().All(parameter => parameter.grad is null));
    }

    [TestMethod]
    public void Layers_start_as_PyTorch_starts_them()
    {
        manual_seed(0);
        using var scope = NewDisposeScope();
        var bound = 1 / Math.Sqrt(64);
        var linear = Linear(64, 32).weight!;
        Assert.IsLessThanOrEqualTo(bound, linear.abs().max().item<float>());
        Assert.AreEqual(bound / Math.Sqrt(3), linear.std().item<float>(), 0.003);
        Assert.IsTrue(LayerNorm(4).weight.Equals(ones(4)));
        Assert.AreEqual(Math.Sqrt(2.0 / 40), init.kaiming_normal_(empty(5_000, 40), nonlinearity: init.NonlinearityType.ReLU).std().item<float>(), 0.002);
        Assert.AreEqual(Math.Sqrt(6.0 / 300), init.xavier_uniform_(empty(200, 100)).max().item<float>(), 1e-3);
    }
}
