using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.Compat.Torch;

[TestClass]
public class TensorTests
{
    private DisposeScope _scope = null!;

    [TestInitialize]
    public void Open() => _scope = NewDisposeScope();

    [TestCleanup]
    public void Close() => _scope.Dispose();

    [TestMethod]
    public void Factories_take_the_types_that_PyTorch_gives_them()
    {
        Assert.AreEqual(ScalarType.Float32, zeros(2, 3).dtype);
        Assert.AreEqual(ScalarType.Int64, arange(3).dtype);
        Assert.AreEqual(ScalarType.Float32, arange(0, 1, 0.25).dtype);
        Assert.AreEqual(ScalarType.Int64, randint(5, new long[] { 4 }).dtype);
        Assert.AreEqual(ScalarType.Float64, tensor(new[] { 1.5 }).dtype);
        Assert.AreEqual(ScalarType.Bool, (tensor(new[] { 1f, 2f }) > 1).dtype);
        CollectionAssert.AreEqual(new long[] { 2, 3 }, zeros(2, 3).shape);
    }

    [TestMethod]
    public void A_tensor_describes_itself_by_shape_type_and_device() =>
        Assert.AreEqual("[2x3], type = Float32, device = cpu", zeros(2, 3).ToString());

    [TestMethod]
    public void The_tensor_function_copies_and_from_array_shares_memory()
    {
        var numbers = new[] { 1f, 2f };
        Tensor copy = tensor(numbers), view = from_array(numbers);
        numbers[0] = 9;
        Assert.AreEqual(1f, copy[0].item<float>());
        Assert.AreEqual(9f, view[0].item<float>());
    }

    [TestMethod]
    public void Arithmetic_with_integers_and_reals_follows_type_promotion()
    {
        var whole = tensor(new long[] { 1, 2, 3 });
        Assert.AreEqual(ScalarType.Int64, (whole + 1).dtype);
        Assert.AreEqual(ScalarType.Float32, (whole * 0.5).dtype);
        Numbers.AreClose([0.5, 1, 1.5], whole / 2);
        Numbers.AreClose([2, 1, 0], 3 - whole);
        Numbers.AreClose([6, 3, 2], 6 / whole, 1e-5);
        Numbers.AreClose([0, 1, 1], whole.div(2, RoundingMode.floor));
    }

    [TestMethod]
    public void In_place_operations_give_back_the_same_object()
    {
        var x = ones(2);
        Assert.AreSame(x, x.add_(1));
        Assert.AreSame(x, x.mul_(3).clamp_(min: (Scalar)0, max: (Scalar)5));
        Numbers.AreClose([5, 5], x);
    }

    [TestMethod]
    public void Basic_indices_make_views_and_tensors_of_indices_gather()
    {
        var x = arange(12).reshape(3, 4);
        Assert.AreEqual(6L, x[1, 2].item<long>());
        CollectionAssert.AreEqual(new long[] { 4, 5, 6, 7 }, x[1].data<long>().ToArray());
        CollectionAssert.AreEqual(new long[] { 3, 7, 11 }, x[.., -1].data<long>().ToArray());
        CollectionAssert.AreEqual(new long[] { 5, 6, 9, 10 }, x[1.., 1..3].data<long>().ToArray());
        CollectionAssert.AreEqual(new long[] { 0, 2, 4, 6, 8, 10 }, x[TensorIndex.Ellipsis, TensorIndex.Slice(step: 2)].data<long>().ToArray());
        CollectionAssert.AreEqual(new long[] { 3, 1, 4 }, x[TensorIndex.Colon, TensorIndex.None].shape);
        CollectionAssert.AreEqual(new long[] { 2, 4 }, x[tensor(new long[] { 2, 0 })].shape);
        CollectionAssert.AreEqual(new long[] { 9, 10, 11 }, x[x > 8].data<long>().ToArray());

        x[0, 0] = tensor(100L);
        x[TensorIndex.Slice(1), TensorIndex.Single(0)] = tensor(-1L);
        CollectionAssert.AreEqual(new long[] { 100, -1, -1 }, x.select(1, 0).data<long>().ToArray());
    }

    [TestMethod]
    public void Elements_are_read_in_row_major_order_whatever_the_strides()
    {
        var turned = arange(6).reshape(2, 3).t();
        Assert.IsFalse(turned.is_contiguous());
        CollectionAssert.AreEqual(new long[] { 0, 3, 1, 4, 2, 5 }, turned.data<long>().ToArray());
        Assert.AreEqual(4L, turned.data<long>()[1, 1]);
        Assert.AreEqual(4L, turned.ReadCpuInt64(3));
    }

    [TestMethod]
    public void An_element_of_another_type_is_not_read_as_if_it_were_of_this_one()
    {
        Assert.ThrowsExactly<ArgumentException>(() => tensor(1.0).item<float>());
        Assert.ThrowsExactly<ArgumentException>(() => zeros(2).item<float>());
        Assert.AreEqual(1f, tensor(1.0).ToSingle());
    }

    [TestMethod]
    public void Bytes_are_the_memory_itself()
    {
        var x = zeros(2);
        MemoryMarshal.Cast<byte, float>(x.bytes)[1] = 3;
        Numbers.AreClose([0, 3], x);
        Assert.ThrowsExactly<InvalidOperationException>(() => _ = arange(6).reshape(2, 3).t().bytes.Length);
    }

    [TestMethod]
    public void A_shape_mismatch_names_both_shapes()
    {
        var error = Assert.ThrowsExactly<ExternalException>(() => zeros(2, 3).mm(zeros(4, 5)));
        StringAssert.Contains(error.Message, "2x3 and 4x5", StringComparison.Ordinal);
    }

    [TestMethod]
    public void A_disposed_tensor_says_so_instead_of_reading_freed_memory()
    {
        var x = zeros(2);
        x.Dispose();
        Assert.IsTrue(x.IsInvalid);
        Assert.ThrowsExactly<InvalidOperationException>(() => x.sum());
    }

    [TestMethod]
    public void A_conversion_that_changes_nothing_shares_memory_and_a_copy_does_not()
    {
        var x = zeros(2);
        x.to(float32).fill_(1);
        x.to(float32, copy: true).fill_(2);
        Numbers.AreClose([1, 1], x);
    }

    [TestMethod]
    public void Reductions_along_dimensions()
    {
        var x = tensor(new float[] { 1, 2, 3, 4, 5, 9 }, new long[] { 2, 3 });
        Numbers.AreClose([6, 18], x.sum(1));
        Numbers.AreClose([2, 6], x.mean(new long[] { 1 }));
        Numbers.AreClose([1, 2.6457513], x.std(1), 1e-5);
        Numbers.AreClose([2.0 / 3, 14.0 / 3], x.var(1, unbiased: false), 1e-5);
        Numbers.AreClose([3, 9], x.amax(new long[] { 1 }));
        var (values, indices) = x.max(0);
        Numbers.AreClose([4, 5, 9], values);
        CollectionAssert.AreEqual(new long[] { 1, 1, 1 }, indices.data<long>().ToArray());
        CollectionAssert.AreEqual(new long[] { 2, 2 }, x.argmax(1).data<long>().ToArray());
        var (sorted, order) = tensor(new float[] { 3, 1, 2 }).sort(descending: true);
        Numbers.AreClose([3, 2, 1], sorted);
        CollectionAssert.AreEqual(new long[] { 0, 2, 1 }, order.data<long>().ToArray());
    }

    [TestMethod]
    public void Equality_operators_compare_elements_and_Equals_compares_tensors()
    {
        Tensor x = tensor(new float[] { 1, 2 }), y = tensor(new float[] { 1, 3 });
        CollectionAssert.AreEqual(new[] { true, false }, (x == y).data<bool>().ToArray());
        CollectionAssert.AreEqual(new[] { true, false }, x.equal(y).data<bool>().ToArray());
        Assert.IsFalse(x.Equals(y));
        Assert.IsTrue(x.Equals(x.clone()));
    }

    [TestMethod]
    public void Pieces_and_shifts()
    {
        var x = arange(6);
        CollectionAssert.AreEqual(new long[] { 4, 5, 0, 1, 2, 3 }, x.roll(2, 0).data<long>().ToArray());
        Assert.HasCount(3, x.split(2));
        CollectionAssert.AreEqual(new long[] { 1, 2, 3 }, x.split(new long[] { 1, 2, 3 }, 0).Select(piece => piece.numel()).ToArray());
        CollectionAssert.AreEqual(new long[] { 5, 4, 3, 2, 1, 0 }, x.flip(0).data<long>().ToArray());
        Assert.IsTrue(einsum("ij,jk->ik", ones(2, 3), ones(3, 4)).Equals(full(2, 4, 3.0)));
        CollectionAssert.AreEqual(new long[] { 2, 3, 2 }, stack(new[] { zeros(3, 2), zeros(3, 2) }).shape);
        Assert.IsTrue(where(x > 2, x, zeros_like(x)).Equals(tensor(new long[] { 0, 0, 0, 3, 4, 5 })));
    }

    [TestMethod]
    public void Determinants_and_singular_values_of_a_known_matrix()
    {
        var m = tensor(new double[] { 3, 0, 0, -2 }, new long[] { 2, 2 });
        Assert.AreEqual(-6, linalg.det(m).item<double>(), 1e-12);
        var (sign, logarithm) = linalg.slogdet(m);
        Assert.AreEqual(-1, sign.item<double>(), 1e-12);
        Assert.AreEqual(Math.Log(6), logarithm.item<double>(), 1e-12);
        Assert.AreEqual(1.5, linalg.cond(m).item<double>(), 1e-12);
        Numbers.AreClose([3, 2], linalg.svdvals(m));
        Numbers.AreClose([-2, 3], linalg.eigvalsh(m));
        Assert.AreEqual(Math.Sqrt(13), linalg.norm(m).item<double>(), 1e-12);
    }
}
