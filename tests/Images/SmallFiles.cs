namespace NoisyNN.Tests.Images;

/// <summary>
/// Small encoded images, most of 40 x 24 pixels of generated noise, stripes and gradients: what Skia does not encode. Made by Debian's
/// libjpeg-turbo-progs, imagemagick and webp, with the options that are named.
/// </summary>
static class SmallFiles
{
    /// <summary><c>cjpeg -quality 60 -optimize -sample 2x2</c>.</summary>
    public static byte[] Baseline { get; } =
        Convert.FromBase64String(
            """
            /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//
            2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAAYACgDASIAAhEBAxEB/8QA
            GAABAQEBAQAAAAAAAAAAAAAAAAMFBAb/xAAnEAABBAEEAQMFAQAAAAAAAAABAAIRIQMEEkHwMSJxkSNRYYGxwf/EABYBAQEBAAAAAAAAAAAAAAAAAAUEA//E
            ACURAAEDAwIGAwAAAAAAAAAAAAEAAgMRITESYQQTIkFCcVHB8P/aAAwDAQACEQMRAD8AYspG31GY4onv+LqZlDwbg82K7axsGYkw0elpt1Ur49QBL5MEx5Cg
            HDs0Yt8d0bDDdbmPVtadglwumiaVMbodNFoIIEz+I8LJx5QXfUJnk8+3QqNzmSHAAQJnvYCzfALVHrb2loIVttztc4lpaN0+aKLOGoIdtaZvh0x4RTSQR6us
            VO2EoyE0svHN1DsjABIk3An9rpGYMLbkk1fPf4iJ/MXMOR++0RCwVor48+8bmPAcTJH29iugalzjtF/NfCIspGhobTyzuloGBVZm2PaZpwHieERFLK50byxh
            oAlI2NLV/9k=
            """
        );

    /// <summary><c>cjpeg -quality 60 -optimize -sample 4x1 -restart 2B</c>.</summary>
    public static byte[] Restarts { get; } =
        Convert.FromBase64String(
            """
            /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//
            2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAAYACgDAUEAAhEBAxEB/8QA
            FwABAQEBAAAAAAAAAAAAAAAAAAQDBv/EACcQAAEEAQQBAwUBAAAAAAAAAAEAAhEhAwQSQfAxInGRI1FhgbHB/8QAGAEBAQADAAAAAAAAAAAAAAAABAYAAgX/
            xAAkEQACAQMEAAcAAAAAAAAAAAABAgARITEDBBKRE0FhcYGh0f/dAAQAAv/aAAwDAQACEQMRAD8AYspG31GY4onv+KpmUPBuDzYrtqrHq2tOwS4XTRNLTG6H
            TRaCCBM/iPC5B0AFoc46vBbNZS3O1ziWlo3T5ooiIjbJnPIAUN5Qqtp//9CDBmJMNHpabdVLfHqAJfJgmPIVWPKC76hM8nn26Fo3OZIcABAme9gIjqaetu/P
            6muySVDUEO2tM3w6Y8IiIL+IGIXHsJQrpik//9Hnm6h2RgAkSbgT+1SMwYW3JJq+e/xb48+8bmPAcTJH29iqBqXOO0X818LHFRX57tFbJJqzNse0zTgPE8Ii
            IZ1yh4UxbI/JQLpVE//Z
            """
        );

    /// <summary><c>cjpeg -quality 60 -progressive -sample 2x2</c>.</summary>
    public static byte[] Progressive { get; } =
        Convert.FromBase64String(
            """
            /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//
            2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wgARCAAYACgDASIAAhEBAxEB/8QA
            GAABAAMBAAAAAAAAAAAAAAAAAAIDBAX/xAAWAQEBAQAAAAAAAAAAAAAAAAAEAgP/2gAMAwEAAhADEAAAAVuKw5t0skpXtZ2auNaPHOwlcxkr/8QAGBABAQEB
            AQAAAAAAAAAAAAAAAAEREgL/2gAIAQEAAQUClanpGpU9JWunWtSumv/EABcRAQEBAQAAAAAAAAAAAAAAAAIAARH/2gAIAQMBAT8BAgLBDIZHM5f/xAAcEQAD
            AQACAwAAAAAAAAAAAAAAAQIREhMhQmH/2gAIAQIBAT8B61g4Kid8nryKWZ9Kbl4j/8QAFhAAAwAAAAAAAAAAAAAAAAAAICEw/9oACAEBAAY/AjcP/8QAHRAA
            AgICAwEAAAAAAAAAAAAAAAERITFBUWFxsf/aAAgBAQABPyHBYpCVWfBr6ErdRZx4WzYWBczKF9EyFYJbTsk6FFrs/9oADAMBAAIAAwAAABAoLCP0H//EABgR
            AAMBAQAAAAAAAAAAAAAAAAABESEQ/9oACAEDAQE/ENOTpgmwWND/xAAeEQABAwQDAAAAAAAAAAAAAAABABExIUFhcVHB8P/aAAgBAgEBPxAWdOLodHGsbUJc
            4hS9I92gAzbKMTsAv//EACEQAQACAgICAgMAAAAAAAAAAAERIQBBMfBxkVFhgbHB/9oACAEBAAE/EHOSY1S9/mGW4d2V28UjIuhNZBKkIhM/UcYoULc04ywL
            LpWATNhY5MFsZ278dMWUAEEz3sGCJE3qUcYBCSW4J/OAdpVq99/WQ4YmU+PDgyF+69ZNpoHE6z//2Q==
            """
        );

    /// <summary><c>cjpeg -quality 60 -progressive -sample 1x1 -restart 1B</c>.</summary>
    public static byte[] ProgressiveRestarts { get; } =
        Convert.FromBase64String(
            """
            /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//
            2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wgARCAAYACgDAREAAhEBAxEB/8QA
            GQAAAgMBAAAAAAAAAAAAAAAAAwQAAgUB/8QAGAEBAQEBAQAAAAAAAAAAAAAABAMBAgX/3QAEAAH/2gAMAwEAAhADEAAAAYMH/9ApS//RaJP/0nA9f//T0AX/
            AP/UXmb/1Ryn/9bst//Xua//0GCt/9HO2f8A/9JPev/TWy//1BcN/9WsvT//xAAYEAEBAQEBAAAAAAAAAAAAAAAAARESAv/aAAgBAQABBQKV/9DX/9Gen//S
            j//T1//Ulf/Vnp//1pX/19f/0On/0etf/9LX/9OV/9Tp/9XX/8QAFhEBAQEAAAAAAAAAAAAAAAAAAQAC/9oACAEDAQE/AQv/0Ml//9Ezf//SC//TyX//1Av/
            1cl//9YL/9czf//QyX//0TN//9IL/9ML/9Qzf//VC//EAB8RAAIBAwUBAAAAAAAAAAAAAAABAhITIgMRITEyQf/aAAgBAgEBPwFaTjyz/9B6dzo//9HGGJ//
            0rVHLP/TlG50f//Ugm/XR//VkvsT/9alNZH/1+d8j//QktvB/9FOuNJ//9Jq2f/Tt15H/9RuvE//1WrZ/8QAFRABAQAAAAAAAAAAAAAAAAAAACH/2gAIAQEA
            Bj8Cf//Qf//Rf//Sf//Tf//Uf//Vf//Wr//Xf//Qf//Rf//Sf//Tf//Uf//Vf//EAB0QAAICAgMBAAAAAAAAAAAAAAABESExQVFhcbH/2gAIAQEAAT8hwWf/
            0FI//9FKrPh//9Jr6P/TSt1Fn//U48LZ/9XYf//WsH//11zP/9DKF9P/0UyH/9KsH//TltOz/9STo//VUWuz/9oADAMBAAIAAwAAABA//9A//9Ff/9Jf/9O/
            /9Sf/9Vf/9Z//9d//9Bf/9H/AP/SH//T/wD/1L//1R//xAAZEQADAQEBAAAAAAAAAAAAAAAAAREhQVH/2gAIAQMBAT8Qth//0IH/0XPT/9K2H//Tif/UTw//
            1fU//9Z/D//XVw//0PU//9GTp//Suf/Tlh//1Jaf/9W5/8QAIhEAAQMEAgIDAAAAAAAAAAAAAQARITFBUXGh8GGBkeHx/9oACAECAQE/EDFoL//QGDwbK//R
            DTgSRhf/0g83G1//0w0RG1//1Oal/9VrB4nS/9aUgeV//9cA2BGl/9Cm9r/Quv/Rohn/AFf/0tkfEr//0zdM/Heyv//UlMZ+zvC//9XZf12q/8QAIRABAAIC
            AgICAwAAAAAAAAAAAREhAEEx8HGRUWGBscH/2gAIAQEAAT8Qc5JjVL3+Z//QMtw7srt5/9FSMi6E1n//0oJUhEJn6jjP/9NQoW5pz//UZYFl0rP/1QJmwscm
            f//WFsZ278dM/9dZQAQTPewZ/9ARIm9SjjP/0QISS3BP5z//0gO0q1e+/rP/04cMTKfHhz//1BkL916z/9WbTQOJ1n//2Q==
            """
        );

    /// <summary><c>cjpeg -quality 60 -optimize -scans (a scan for each component) -sample 2x1</c>.</summary>
    public static byte[] NotInterleaved { get; } =
        Convert.FromBase64String(
            """
            /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//
            2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAAYACgDASEAAhEBAxEB/8QA
            FwABAQEBAAAAAAAAAAAAAAAABAMGAP/EACcQAAIBAwQBAwUBAAAAAAAAAAECEQADIQQSQfAxInGRI1FhgbHB/9oACAEBAAA/AOtXSNvqMxxgnv8AlKS6HBzB
            5yMdzSrerVTsEsM4UTiqW2hpwVBBAmfxHikrfVmJUqN0+cGsfYvEmFHpU5bGKvb1AEvJgmPIpVu6C31CZ5PPt0VRb5khgAIEz3sClDUENtUznhpjxWOXUNcQ
            ASJOYE/uki8EK5kk4zz3+Ve3f3jcjgMTJH29jSBqWY7Rn5x8VVL2x1M4YDxPFf/EABcBAAMBAAAAAAAAAAAAAAAAAAMEBQL/xAApEQABAgMFCAMAAAAAAAAA
            AAABAhEAAzESIXGh8AQTIjJhkcHhQVKB/9oACAECEQA/AJKdm4TKNTf01dGVSkKZhyV9doWXspnG2kBjFkJVu3PN4w7wJaWZvmvT3WFZoWlTIp+HMxaJtATm
            pc2sYAtFm/75afKFzMMk7tnbAeDH/8QAFAEBAAAAAAAAAAAAAAAAAAAABf/EABoRAAMAAwEAAAAAAAAAAAAAAAACAwERIUH/2gAIAQMRAD8AHivotBBRF1jQ
            BFOi0EFJz50AjPwXggok942f/9k=
            """
        );

    /// <summary><c>cjpeg -quality 60 -arithmetic</c>.</summary>
    public static byte[] Arithmetic { get; } =
        Convert.FromBase64String(
            """
            /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//
            2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//yQARCAAYACgDASIAAhEBAxEB/8wA
            CgAQEAUBEBEF/9oADAMBAAIRAxEAPwCbUT1ZXubXVOAdtAACavIMzhjaiBaRn/n4jJ6g9b4lhDPBv2utuHJUgBbDatUCIdM6ytjsnpMXWbr59mwWPwHHzIBy
            uMmQZy0LId/GFJGwCkcIJtAcZbiMjjpOOEd+4nfngGk0Z4qJ0DAHUT1WLE+UKoR5m1yKqwSbkajj1MNJC3gOw8vaRBCWTMm997DfZPrpoZNCCh2ZO4tpoYJE
            YS5/2fRAjEe7j0Zh3neFpTRvXeCb02VIeYJfwx/5frBWdf0T7MwKQ6PLJ2LlB/GL9COwKZGpaEBmEA1LT67Bg+XchC96Q/bDHlBrJ3jl8mlEpv/Z
            """
        );

    /// <summary><c>convert -colorspace CMYK -quality 50, with Adobe's marker</c>.</summary>
    public static byte[] Cmyk { get; } =
        Convert.FromBase64String(
            """
            /9j/7gAOQWRvYmUAZAAAAAAC/9sAQwAQCwwODAoQDg0OEhEQExgoGhgWFhgxIyUdKDozPTw5Mzg3QEhcTkBEV0U3OFBtUVdfYmdoZz5NcXlwZHhcZWdj/9sA
            QwEREhIYFRgvGhovY0I4QmNjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2Nj/8AAFAgAGAAoBAERAAIRAQMRAQQRAP/E
            ABoAAAIDAQEAAAAAAAAAAAAAAAQFAQIDBgD/xAAqEAABBAECBQQBBQAAAAAAAAABAAIDESEEMRIUQVFxImGB8OETcpGx8f/EABkBAAMBAQEAAAAAAAAAAAAA
            AAIDBAUGAP/EACwRAAEDAgMGBQUAAAAAAAAAAAECAxEAIQQSMRNBUXGB8BQiI2HhQmKRofH/2gAOBAEAAhEDEQQAAD8ARyyA2B17rcXiUujZp1NdEu16dc1Y
            A4jdbjBQrpCy+vhJTiDhjCrzw9qjcM14anByb65GELI5ziXWAPco8jz/AKiSADx7NRLWBap5zJAyOwysw502ATn2Tji9snIg35fNQrVFTHI6R2DYsGt0VDCW
            DNoUuKw485N6lWudKY6cgOOQOK98Ip4aXWTTepyoMUWkj0CCvdBmurcWfqrl4Zg5+LEbSbf2QMz74qFNuh+V5gz5HteJtz4W0rOecjSqnUj1PF8BdVEhUZC9
            9YAA+SV4uOIUUs3A6is9xwHWt4SXn1mq3PX+PwjItOALGXeU5RbSnM0b87fNRKcO+joOvjr9+0i4YLFuFdsUhbVmu703fJpCl8Ka6cm6OflZQyCVrtGxgt1A
            SE7Hfb4WetkYLEF0qzZRMRE7veImeldO+7NcPBqzPFyzWEF5Fu3rO9fCozQcvO4PuVod+0Y9s9yEKV+O+0/mx/nWaynnshrcNGmmDXEyguresjf+/topsBLr
            c2++KA7IxixhoZiQNN0zeT3+qgW5nvNGQO/VPG1w4jlwqg3wVvFpQ2nH/UxLexhyZju3LjUynZtTGEuvHq8ohkPGNshGFeI9o696UkrimemHqadgQNryv//Z
            """
        );

    /// <summary><c>convert -colors 16</c>.</summary>
    public static byte[] Gif { get; } =
        Convert.FromBase64String(
            """
            R0lGODlhKAAYAPMAAF1gH11lXjlROKFgIJ5eY9NaQ1+fK16iXUCwMJ2eHKGcX8uzQlVdm7RdnGKdm7qonSH5BAAAAAAALAAAAAAoABgAAAT+EMkpHbIzoXRW
            f0siLiFpngulHqzoJs+hxI+LhOCjg6Z6ISyWRJM6OGgOUmJhWOx2J9/FYbSIJB7dEbQxPVEpH9XIMshSx/RD8ULpohiKQVJ1pDsakcIJdb8nFnFzCA92dgoG
            IolmhTt7BV58gRcHdEBVClUJBk0kT3snkA8NOggCRgwTQmQOCgoOm4muRwOuDwVLXrcLqXUIAQcCppkOAYcHAWwJtjsEJAWQBToFwqamdgzFBwAG3AQGDGuv
            zssDogWk0lHVEgzZwAGcrgrJBA4EpPMDIgRPDdALClgTIAxbMQfcZMSbNeoBgQH7zI365wRSQFPCCGYTwCAAAwDjAQAASDCAgLsG90TsW9Ag4MR/0AQSrMbg
            lAA7LAAMMDAg2z2HEAs8ZEmKVMCA1AgicBds5tIAUBswKEmyJCkCCtCZixmzQYOZ7moKECnAZACT7h5CJICPrdcGBLiigyY1rLuxAARAherOQQOQBAA8xPe2
            wFZoA/555Wg379ixHRlIfShYLT4GcWFy9YqOI2OxUAmUDdsgQMkBOhN7dWtYLrqvM8GGDTlAAGoAXiVPDvpQKGe5sWVjrhm4tkm3UnmbK/wbWvDPjEWnDmxy
            t9rldDU7Dz7bI16Cgk+ubh33dXOIEQAAOw==
            """
        );

    /// <summary><c>convert -size 12x8 xc:red xc:blue: a red frame, then a blue one</c>.</summary>
    public static byte[] AnimatedGif { get; } =
        Convert.FromBase64String(
            """
            R0lGODlhDAAIAPAAAP8AAAAAACH5BAAAAAAAIf8LTkVUU0NBUEUyLjADAQAAACwAAAAADAAIAAACCISPqcvtD2MqACH5BAAAAAAALAAAAAAMAAgAgAAA/wAA
            AAIIhI+py+0PYyoAOw==
            """
        );

    /// <summary><c>convert, a blue frame of 6 x 4 at 3, 2 of a canvas of 12 x 8</c>.</summary>
    public static byte[] PartialGif { get; } =
        Convert.FromBase64String(
            """
            R0lGODlhDAAIAPAAAAAA/wAAACH5BAAAAAAALAMAAgAGAAQAAAIEhI+pVwA7
            """
        );

    /// <summary><c>img2webp: a red frame of 12 x 8, then a blue one</c>.</summary>
    public static byte[] AnimatedWebP { get; } =
        Convert.FromBase64String(
            """
            UklGRoQAAABXRUJQVlA4WAoAAAACAAAACwAABwAAQU5JTQYAAAD/////AABBTk1GKAAAAAAAAAAAAAsAAAcAAGQAAAJWUDhMDwAAAC8LwAEABxD9j/4HIqL/
            AQBBTk1GKAAAAAAAAAAAAAsAAAcAAGQAAABWUDhMDwAAAC8LwAEABxDR//4HIqL/AQA=
            """
        );

    /// <summary><c>convert -colors 8 -type palette BMP3:</c>.</summary>
    public static byte[] Bmp { get; } =
        Convert.FromBase64String(
            """
            Qk1WAgAAAAAAAHYAAAAoAAAAKAAAABgAAAABAAQAAAAAAOABAAAAAAAAAAAAABAAAAAQAAAAP1xOAENdtgA8qE8AQKm3AJtdVQCcXbQAnai6AJudYgAAAAAA
            AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAERARAAAAQVFVRERERVVERERAAAAREBAABAAEFRQERERURVVEREAAAAERFQAEAFBRVURERFVVVUREQAA
            AAREBBABAFVFRRERERFVERERBEREAAAAQEBQEREBVVFVEREREVUAREQAAAFURUEAAQEFURERERFVFUBEQAAAEABERBAREFVFUREREVVVBAREAAAARBRUEQER
            UVVVExERERUAACRyAABEAHUBMBNVExERMRFRUQACAEAAdyMDEkdQMBMRE1VWYRMRICACRCQkAAAyUEZRExMTMRVVExEiAgB3dAcCIQE3V2YDETNVYWExEQIg
            IkRycCISEjFwZzNhE1ZWZjETICIgd0QkAyMwdzVXMDExMWVWMzNyJ3ciIAIicHchIxM3Y2YTMxMWYSJHJCIiAkc3dTISI2YTdhMzM2YWInJyIiInd2JyIyMz
            Z2YzMzEzZmYiIiIiIiJ3d3MjIzI2ZmY2MzNjNiInIiIiInd3ZzIyMmM2NjMzM2ZjIiIiJyJ3MiMydnZmIzMzMzNmMzMiIiJ3d3YjMjJnZ2czMzZmY2MzMyIi
            IiIiIiIiIyZ2YzIzM2ZmZjMzIiIiIiciIzIjYiZ2MyMzM2ZjMzMiIiIicnIiIjIzYzMjMzMzYzMzMw==
            """
        );

    /// <summary>Whole JPEG files of all kinds that are read.</summary>
    public static IReadOnlyDictionary<string, byte[]> Jpegs { get; } =
        new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            [nameof(Baseline)] = Baseline,
            [nameof(Restarts)] = Restarts,
            [nameof(Progressive)] = Progressive,
            [nameof(ProgressiveRestarts)] = ProgressiveRestarts,
            [nameof(NotInterleaved)] = NotInterleaved,
            [nameof(Cmyk)] = Cmyk,
        };
}
