using System.Security.Cryptography;
using System.Text;

namespace NoisyNN.Samples.Serve;

/// <summary>The key that clients send, as "Authorization: Bearer KEY" or "X-API-Key: KEY".</summary>
sealed class ApiKey(string key)
{
    // Hashes have one length, so that the comparison takes the same time for every key.
    readonly byte[] _hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <exception cref="RefusedException">The request has another key or none.</exception>
    public void Require(HttpRequest request)
    {
        const string scheme = "Bearer ";
        var sent =
            request.Headers.Authorization.ToString() is var text && text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
                ? text[scheme.Length..]
                : request.Headers["X-API-Key"].ToString();
        if (!CryptographicOperations.FixedTimeEquals(_hash, SHA256.HashData(Encoding.UTF8.GetBytes(sent))))
            throw new RefusedException(
                StatusCodes.Status401Unauthorized,
                "Send the server's key: 'Authorization: Bearer KEY' or 'X-API-Key: KEY'."
            );
    }
}
