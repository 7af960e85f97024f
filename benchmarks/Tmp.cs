using NoisyNN.Models.Architectures; using NoisyNN.Models.Layers; using static TorchSharp.torch;
static class Tmp { public static void Run() {
 foreach (var arch in new[]{"all-cnn","resnet"}) for (var seed = 1; seed < 9; seed++) {
  manual_seed(seed);
  using ImageClassifier network = arch == "all-cnn" ? new AllCnn(new() { ImageSize = 12, Channels = 2, ClassCount = 3, Widths = [6, 8], InputKeepProbability = 1 }) : new NoisyResNet(new() { ImageSize = 16, Channels = 2, ClassCount = 3, Width = 4 });
  network.train(); manual_seed(77);
  using var pixels = rand(32, network.Channels, network.Height, network.Width)*255;
  Tensor Pass(){ network.zero_grad(); manual_seed(4); network.ForwardWithPenalties(pixels,100).Logits.square().mean().backward(); return cat(network.parameters().Where(p=>p.grad is not null).Select(p=>p.grad!.reshape(-1)).ToArray()); }
  var e = Pass(); network.SetPrecision(Precision.Bfloat16); var r = Pass();
  Console.WriteLine($"{arch} {seed}: cos {((e.dot(r))/(e.norm()*r.norm())).item<float>():0.0000} ratio {(r.norm()/e.norm()).item<float>():0.0000}");
 } } }
