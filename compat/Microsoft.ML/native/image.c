#include "image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t JPEG_SIGNATURE[] = {0xFF, 0xD8, 0xFF};
static const uint8_t PNG_SIGNATURE[] = {0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A};

static int starts_with(const uint8_t *data, size_t length, const uint8_t *signature, size_t size) {
    return length >= size && memcmp(data, signature, size) == 0;
}

int noisy_fail(noisy_error error, const char *message) {
    if (error.text && error.size > 0)
        snprintf(error.text, error.size, "%s", message);
    return -1;
}

int noisy_check_size(uint64_t width, uint64_t height, noisy_error error) {
    if (width == 0 || height == 0)
        return noisy_fail(error, "the image has no pixels");
    if (width > NOISY_MAX_PIXELS || height > NOISY_MAX_PIXELS || width * height > NOISY_MAX_PIXELS)
        return noisy_fail(error, "the image has more than 268,435,456 pixels");
    return 0;
}

int noisy_image_size(const uint8_t *data, size_t length, int32_t *width, int32_t *height, char *text, size_t size) {
    noisy_error error = {text, size};
    if (starts_with(data, length, JPEG_SIGNATURE, sizeof JPEG_SIGNATURE))
        return noisy_jpeg_size(data, length, width, height, error);
    if (starts_with(data, length, PNG_SIGNATURE, sizeof PNG_SIGNATURE))
        return noisy_png_size(data, length, width, height, error);
    return noisy_fail(error, length == 0 ? "there are no bytes" : "it is neither JPEG nor PNG");
}

int noisy_image_decode(const uint8_t *data, size_t length, uint8_t *bgra, int32_t width, int32_t height, char *text, size_t size) {
    noisy_error error = {text, size};
    if (starts_with(data, length, JPEG_SIGNATURE, sizeof JPEG_SIGNATURE))
        return noisy_jpeg_decode(data, length, bgra, width, height, error);
    if (starts_with(data, length, PNG_SIGNATURE, sizeof PNG_SIGNATURE))
        return noisy_png_decode(data, length, bgra, width, height, error);
    return noisy_fail(error, "it is neither JPEG nor PNG");
}

void noisy_image_free(uint8_t *data) { free(data); }
