/** What the server says in English of an embedding's files, in Chinese: by the code of the error, from its facts. */

import type { Facts } from "../../api/client";

export const problemWords: Readonly<Record<string, (facts: Facts) => string>> = {
  no_embedding: ({ run, name }) => `运行“${run}”中没有嵌入“${name}”`,
  no_tensor_file: ({ name }) =>
    `嵌入“${name}”没有指定张量文件；cupola 不读取 TensorFlow 检查点，请用 add_embedding 导出该变量`,
  tensor_shape: ({ seen, wanted }) => `张量文件为 ${seen}，而配置中写的是 ${wanted}`,
  raw_shape: ({ shape }) => `原始张量的形状为 ${shape}；配置的 tensor_shape 应给出两个大小`,
  tensor_bytes: ({ bytes, shape }) => `张量文件有 ${bytes} 字节；${shape} 个数各需 4 字节`,
  tensor_row: ({ row, cells, width }) => `张量第 ${row} 行有 ${cells} 个数，前面各行有 ${width} 个`,
  tensor_number: ({ first, last, error }) => `张量第 ${first} 至 ${last} 行含有不是数的内容：${error}`,
  sprite_large: ({ path, width, height, mib, most_mib }) =>
    `图集 ${path} 为 ${width}×${height} 像素，需要 ${mib} MiB 内存；上限为 ${most_mib} MiB，请记录更小的图片`,
  sprite_small: ({ path, width, height, tile_width, tile_height }) =>
    `图集 ${path} 为 ${width}×${height} 像素，容不下一张 ${tile_width}×${tile_height} 像素的图片（配置的 single_image_dim）`,
  sprite_unreadable: ({ path, error }) =>
    `图集 ${path} 不是可读取的图片（${error}）；应为完整的 PNG、JPEG、WebP、GIF 或 BMP`,
  no_tile_size: ({ name }) =>
    `配置没有说明“${name}”的图集中一张图片的大小；应写两次 single_image_dim：宽和高`,
  bookmarks_large: ({ path, most_mib }) => `${path} 超过 ${most_mib} MiB；请保存较少点的书签`,
  bookmarks_json: ({ path, error }) => `${path} 不是 JSON（${error}）；应为 TensorBoard 保存的书签`,
  bookmarks_form: ({ path }) => `${path} 不是书签的 JSON 数组`,
  outside_run: ({ path }) => `${path} 指向运行目录之外；应为运行目录中的文件`,
  no_file: ({ path, error }) => `运行目录中没有文件 ${path}：${error}`,
  file_changed: ({ path }) => `${path} 在读取期间发生了变化；请重新加载`,
  config_number: ({ name, seen }) => `配置中 ${name} 为“${seen}”；应为不小于 0 的整数`,
  config_syntax: ({ line, seen, wanted }) =>
    `配置第 ${line} 行有误：看到“${seen || "文件结尾"}”，应为 ${wanted}`,
};
