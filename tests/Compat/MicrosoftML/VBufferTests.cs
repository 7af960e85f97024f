using Microsoft.ML.Data;

namespace NoisyNN.Tests.Compat.MicrosoftML;

[TestClass]
public class VBufferTests
{
    [TestMethod]
    public void An_editor_uses_the_destinations_buffer_again()
    {
        var array = new float[4];
        var buffer = new VBuffer<float>(4, array);
        var editor = VBufferEditor.Create(ref buffer, 3);
        editor.Values[0] = 7;
        buffer = editor.Commit();

        Assert.IsFalse(editor.CreatedNewValues);
        Assert.AreEqual(3, buffer.Length);
        Assert.AreEqual(7f, array[0]);
    }

    [TestMethod]
    public void A_sparse_vector_reads_like_the_dense_one_that_it_stands_for()
    {
        var sparse = new VBuffer<float>(5, 2, [3f, 4f], [1, 4]);
        var dense = new float[5];
        sparse.CopyTo(dense);

        CollectionAssert.AreEqual(new float[] { 0, 3, 0, 0, 4 }, dense);
        CollectionAssert.AreEqual(dense, sparse.DenseValues().ToArray());
        Assert.AreEqual(4f, sparse.GetItemOrDefault(4));
        Assert.AreEqual(0f, sparse.GetItemOrDefault(3));
        Assert.AreEqual(2, sparse.Items().Count());
        Assert.AreEqual(5, sparse.Items(all: true).Count());
        Assert.IsFalse(sparse.IsDense);

        VBuffer<float> part = default;
        sparse.CopyTo(ref part, 1, 3);
        CollectionAssert.AreEqual(new float[] { 3, 0, 0 }, part.DenseValues().ToArray());
    }

    [TestMethod]
    public void A_truncated_commit_keeps_the_first_values()
    {
        VBuffer<float> buffer = default;
        var editor = VBufferEditor.Create(ref buffer, 10, 3);
        editor.Values[0] = 5;
        editor.Indices[0] = 9;
        buffer = editor.CommitTruncated(1);

        Assert.AreEqual(10, buffer.Length);
        Assert.AreEqual(1, buffer.GetValues().Length);
        Assert.AreEqual(5f, buffer.GetItemOrDefault(9));
    }

    [TestMethod]
    public void A_vector_with_fewer_values_than_its_length_is_refused() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VBuffer<float>(3, new float[2]));
}
